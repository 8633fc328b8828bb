// Finds Firefox and WebKit, and on Debian as root installs them. If that is impossible, one line says so.

import { existsSync } from 'node:fs';
import { chromium, testEnv } from './chromium.js';
import { installPackages } from './debian.js';

/** The programs of each engine, by the variable that overrides the path. WebKit's driver has no headless mode. */
const NEEDED = {
  FIREFOX: { path: '/usr/bin/firefox-esr', packages: ['firefox-esr'] },
  WEBKIT_DRIVER: { path: '/usr/bin/WebKitWebDriver', packages: ['webkit2gtk-driver'] },
  XVFB: { path: '/usr/bin/Xvfb', packages: ['xvfb'] },
  WINDOW_MANAGER: { path: '/usr/bin/openbox', packages: ['openbox'] },
};

/** @param {keyof typeof NEEDED} name */
const place = (name) => process.env[name] ?? NEEDED[name].path;

const missing = () =>
  /** @type {(keyof typeof NEEDED)[]} */ (Object.keys(NEEDED)).filter((name) => !existsSync(place(name)));

/**
 * The environment in which tests find every engine that there is, Chromium among them.
 * @returns {Promise<Record<string, string> | null>} null without Chromium
 */
export async function engines() {
  const found = await chromium();
  if (!found) return null;
  if (missing().length > 0) await installPackages(missing().flatMap((name) => NEEDED[name].packages));
  /** @type {Record<string, string>} */
  const env = testEnv(found);
  const lost = new Set(missing());
  if (!lost.has('FIREFOX')) env.FIREFOX = place('FIREFOX');
  const ofWebKit = /** @type {const} */ (['WEBKIT_DRIVER', 'XVFB', 'WINDOW_MANAGER']);
  if (!ofWebKit.some((name) => lost.has(name))) for (const name of ofWebKit) env[name] = place(name);
  const absent = [env.FIREFOX ? '' : 'Firefox', env.WEBKIT_DRIVER ? '' : 'WebKit'].filter(Boolean);
  if (absent.length > 0) {
    process.stdout.write(`Not installed here, so not run: the tests in ${absent.join(' and ')}.\n`);
  }
  return env;
}
