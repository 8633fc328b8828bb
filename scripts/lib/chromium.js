// Finds Chromium and its driver, and on Debian as root installs them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { firstOf, installPackages } from './debian.js';
import { at } from './paths.js';

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

function look() {
  const browser = firstOf([
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ]);
  const driver = firstOf([process.env.CHROMEDRIVER, '/usr/bin/chromedriver', '/usr/lib/chromium-browser/chromedriver']);
  return browser && driver ? { browser, driver } : null;
}

/** @type {Promise<ReturnType<typeof look>> | undefined} */
let found;

/** Both, or null with the reason printed. */
export function chromium() {
  // Groups that run concurrently call this at the same time.
  found ??= findOrInstall();
  return found;
}

async function findOrInstall() {
  const there = look();
  if (there) return there;
  await installPackages(['chromium', 'chromium-driver']);
  const installed = look();
  if (!installed)
    process.stdout.write('No Chromium with chromedriver: install them, or set CHROMIUM and CHROMEDRIVER.\n');
  return installed;
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
