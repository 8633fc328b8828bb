// Finds Chromium and its driver, and on Debian as root installs them.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { at } from './paths.js';
import { ask, must } from './run.js';

/** What Chromium needs to run as root, without a screen and without asking the network for anything. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const find = (/** @type {(string | undefined)[]} */ places) => places.find((place) => place && existsSync(place));

function look() {
  const browser = find([
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ]);
  const driver = find([process.env.CHROMEDRIVER, '/usr/bin/chromedriver', '/usr/lib/chromium-browser/chromedriver']);
  return browser && driver ? { browser, driver } : null;
}

/** @type {ReturnType<typeof look> | undefined} */
let found;

/** Both, or null with the reason printed. */
export async function chromium() {
  if (found !== undefined) return found;
  found = look();
  if (found) return found;
  if (process.getuid?.() !== 0 || ask('apt-get', ['--version']) === null) {
    process.stdout.write('No Chromium with chromedriver: install them, or set CHROMIUM and CHROMEDRIVER.\n');
    return found;
  }
  process.stdout.write('apt-get install chromium chromium-driver …\n');
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await must('apt-get update', 'apt-get', ['update'], { env });
    const packages = ['chromium', 'chromium-driver'];
    await must('apt-get install', 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  } catch (error) {
    process.stdout.write(`${/** @type {Error} */ (error).message}\n`);
  }
  found = look();
  return found;
}

/**
 * The environment with which wasm-bindgen's test runner runs tests in Chromium.
 * @param {{ browser: string, driver: string }} found
 */
export function webDriverEnv({ browser, driver }) {
  const config = at('.cache', 'webdriver.json');
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, JSON.stringify({ 'goog:chromeOptions': { binary: browser, args: flags } }));
  return { CHROMEDRIVER: driver, WASM_BINDGEN_TEST_WEBDRIVER_JSON: config, WASM_BINDGEN_USE_BROWSER: '1' };
}
