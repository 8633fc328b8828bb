// Chromium for a file of tests: launched when this is imported, closed after the last test.

import { after } from 'node:test';
import { launchChromium } from '../chromium.js';

export const browser = await launchChromium();

after(() => browser.close());
