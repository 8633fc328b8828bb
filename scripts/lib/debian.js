// Programs that tests need and npm does not ship: finds them, or installs them once, on Debian as root.

import { existsSync } from 'node:fs';
import { ask, runOrFail } from './run.js';

/** Packages that this process has tried to install. */
const tried = new Set();

/** @param {(string | undefined)[]} places @returns {string | undefined} the first that is there */
export const firstOf = (places) => places.find((place) => place !== undefined && place !== '' && existsSync(place));

/**
 * Installs Debian packages if possible, and otherwise prints why not.
 * @param {string[]} packages
 * @returns {Promise<boolean>} whether it was done, now
 */
export async function installPackages(packages) {
  const wanted = packages.filter((name) => !tried.has(name));
  if (wanted.length === 0 || process.getuid?.() !== 0 || ask('apt-get', ['--version']) === null) return false;
  for (const name of wanted) tried.add(name);
  process.stdout.write(`apt-get install ${wanted.join(' ')} …\n`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another run may hold the lock of dpkg.
  const patient = ['-o', 'DPkg::Lock::Timeout=300'];
  try {
    await runOrFail('apt-get update', 'apt-get', [...patient, 'update'], { env });
    await runOrFail('apt-get install', 'apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...wanted], {
      env,
    });
    return true;
  } catch (error) {
    process.stdout.write(`${/** @type {Error} */ (error).message}\n`);
    return false;
  }
}
