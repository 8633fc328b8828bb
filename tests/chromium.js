// Headless Chromium, as installed on this machine.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Chromium without what surrounds pages, where there is one. */
const SHELL = '/usr/bin/chromium-headless-shell';

/**
 * @param {import('playwright-core').LaunchOptions & { isWhole?: boolean }} [options] `isWhole`: with all that surrounds pages
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launchChromium({ isWhole = false, ...options } = {}) {
  const { CHROMIUM, CHROMIUM_SHELL = CHROMIUM ?? (existsSync(SHELL) ? SHELL : undefined) } = process.env;
  const whole = CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({
    executablePath: isWhole ? whole : (CHROMIUM_SHELL ?? whole),
    args: ['--disable-gpu', '--disable-quic'],
    ...options,
  });
}
