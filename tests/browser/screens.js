// npm run screens: pictures of every page and state under tests/screens/, to be looked at.
// npm run screens -- customer en 1440 dark: only those of customer-states.js (so `desk`, `gateway`, `ways`, `media`, `rare`; `all` are those of
// states.js), in that language, width and colour scheme. Each may be left out, or given more than once.
import { mkdirSync, rmSync } from 'node:fs';
import { chromium, testEnv } from '../../scripts/lib/chromium.js';
import { visitCustomer } from './customer-states.js';
import { visitDesk } from './desk-states.js';
import { visitGateway } from './gateway-states.js';
import { visitMedia } from './media-states.js';
import { visitRare } from './rare-states.js';
import { launchChromium, open } from './stage.js';
import { visit } from './states.js';
import { visitWays } from './ways-states.js';

const folder = new URL('../screens/', import.meta.url).pathname;
const parts = {
  all: visit,
  customer: visitCustomer,
  desk: visitDesk,
  gateway: visitGateway,
  ways: visitWays,
  media: visitMedia,
  rare: visitRare,
};
const wanted = process.argv.slice(2);
if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** Those that were asked for by name, or all. @template T @param {T[]} choices */
function pick(choices) {
  const asked = choices.filter((choice) => wanted.includes(String(choice)));
  return asked.length > 0 ? asked : choices;
}

const found = await chromium();
if (found) Object.assign(process.env, testEnv(found));
const browser = await launchChromium();
try {
  for (const language of pick(['en', 'ar'])) {
    for (const width of pick([360, 1440])) {
      for (const colorScheme of pick(['light', 'dark'])) {
        for (const part of pick(Object.keys(parts))) await shoot(part, parts[part], language, width, colorScheme);
      }
    }
  }
} finally {
  await browser.close();
}

async function shoot(part, go, language, width, colorScheme) {
  const stage = await open(browser, { timeout: 400, sandbox: { returnMethod: 'POST' } });
  const page = await stage.page({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  let number = 0;
  try {
    await go(stage, page, language, async (name) => {
      number += 1;
      // A page that is scrolled is photographed with as much emptiness below it.
      await page.evaluate(() => globalThis.scrollTo(0, 0));
      const path = `${folder}${part}-${String(number).padStart(2, '0')}-${name}-${language}-${width}-${colorScheme}.png`;
      return page.screenshot({ path, fullPage: true });
    });
  } finally {
    await stage.close();
  }
}
