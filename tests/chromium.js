// Headless Chromium, as installed on this machine.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Chromium without what surrounds pages, where there is one. */
const SHELL = '/usr/bin/chromium-headless-shell';

/** Only the last `--disable-features` counts: those that Playwright disables have to be named again. */
const DISABLED = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'PaintHolding'],
  ...['HttpsFirstBalancedModeAutoEnable', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect'],
  ...[
    'OptimizationHints',
    'NetworkTimeServiceQuerying',
    'AimEnabled',
    'PreconnectToSearch',
    'LensOverlay',
    'MediaRouter',
  ],
  // Pages of the address bar, two for each window: half a second of a processor.
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
];

/**
 * @param {import('playwright-core').LaunchOptions & { isWhole?: boolean }} [options] `isWhole`: with all that surrounds pages
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launchChromium({ isWhole = false, ...options } = {}) {
  const { CHROMIUM, CHROMIUM_SHELL = CHROMIUM ?? (existsSync(SHELL) ? SHELL : undefined) } = process.env;
  const whole = CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({
    executablePath: isWhole ? whole : (CHROMIUM_SHELL ?? whole),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${DISABLED.join()}`,
    ],
    ...options,
  });
}
