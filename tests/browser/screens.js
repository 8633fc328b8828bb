// npm run screens: pictures of every page and state under tests/screens/, to be looked at.
// npm run screens -- customer: those of customer-states.js alone; so `desk`, `gateway` and `ways`; `all` are those of states.js.
import { mkdirSync, rmSync } from 'node:fs';
import { chromium } from '../../scripts/lib/chromium.js';
import { visitCustomer } from './customer-states.js';
import { visitDesk } from './desk-states.js';
import { visitGateway } from './gateway-states.js';
import { launchChromium, open } from './stage.js';
import { visit } from './states.js';
import { visitWays } from './ways-states.js';

const folder = new URL('../screens/', import.meta.url).pathname;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const parts = { all: visit, customer: visitCustomer, desk: visitDesk, gateway: visitGateway, ways: visitWays };
const wanted = process.argv.slice(2);

const found = await chromium();
if (found) process.env.CHROMIUM = found.browser;
const browser = await launchChromium();
try {
  for (const language of ['en', 'ar']) {
    for (const width of [360, 1440]) {
      for (const colorScheme of ['light', 'dark']) await shootAll(language, width, colorScheme);
    }
  }
} finally {
  await browser.close();
}

async function shootAll(language, width, colorScheme) {
  for (const [part, go] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(part)) await shoot(part, go, language, width, colorScheme);
  }
}

async function shoot(part, go, language, width, colorScheme) {
  const stage = await open(browser, { timeout: 400, sandbox: { returnMethod: 'POST' } });
  const page = await stage.page({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  let number = 0;
  try {
    await go(stage, page, language, (name) => {
      number += 1;
      const path = `${folder}${part}-${String(number).padStart(2, '0')}-${name}-${language}-${width}-${colorScheme}.png`;
      return page.screenshot({ path, fullPage: true });
    });
  } finally {
    await stage.close();
  }
}
