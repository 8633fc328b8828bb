// Finds Chromium, its driver and its headless shell, and on Debian as root installs them.

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

/** Chromium without what surrounds pages, which nobody sees: it needs two thirds of a processor's time. */
const SHELL = '/usr/bin/chromium-headless-shell';

/** `shell`: the browser itself where there is no other. */
function look() {
  const browser = firstOf([
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ]);
  const driver = firstOf([process.env.CHROMEDRIVER, '/usr/bin/chromedriver', '/usr/lib/chromium-browser/chromedriver']);
  const shell = firstOf([process.env.CHROMIUM_SHELL, process.env.CHROMIUM, SHELL]) ?? browser;
  return browser && shell && driver ? { browser, shell, driver } : null;
}

/** @type {Promise<ReturnType<typeof look>> | undefined} */
let found;

/** All of them, or null with the reason printed. */
export function chromium() {
  // Groups that run concurrently call this at the same time.
  found ??= findOrInstall();
  return found;
}

async function findOrInstall() {
  if (!look()) await installPackages(['chromium', 'chromium-driver']);
  // Not every version of Debian has it.
  const there = look();
  if (there?.browser === '/usr/bin/chromium' && there.shell === there.browser) {
    await installPackages(['chromium-headless-shell']);
  }
  const installed = look();
  if (!installed)
    process.stdout.write('No Chromium with chromedriver: install them, or set CHROMIUM and CHROMEDRIVER.\n');
  return installed;
}

/**
 * The environment in which tests find them.
 * @param {{ browser: string, shell: string }} found
 */
export const testEnv = ({ browser, shell }) => ({ CHROMIUM: browser, CHROMIUM_SHELL: shell });

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
