// Firefox and WebKit, each driven by what Debian ships: puppeteer-core over WebDriver BiDi, and WebKitWebDriver on a
// screen of its own with a window manager, without which no window gets the focus.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} Page
 * @property {(url: string) => Promise<void>} goto
 * @property {(source: string) => Promise<any>} evaluate the value of an expression
 * @property {(text: string) => Promise<void>} type keys into what has the focus
 * @property {(keys: string[]) => Promise<void>} chord keys held down together: `Control`, `Tab`, `z`
 * @property {() => Promise<void>} close
 */

/** @param {string | undefined} path @param {string} usual */
const findPath = (path, usual) => [path, usual].find((one) => one && existsSync(one));

/** Every engine that is installed here, by name. @returns {Record<string, () => Promise<Page>>} */
export function enginesHere() {
  const firefox = findPath(process.env.FIREFOX, '/usr/bin/firefox-esr');
  const driver = findPath(process.env.WEBKIT_DRIVER, '/usr/bin/WebKitWebDriver');
  const xvfb = findPath(process.env.XVFB, '/usr/bin/Xvfb');
  const manager = findPath(process.env.WINDOW_MANAGER, '/usr/bin/openbox');
  return {
    ...(firefox && { firefox: () => openFirefox(firefox) }),
    ...(driver && xvfb && manager && { webkit: () => openWebKit(driver, xvfb, manager) }),
  };
}

/** @param {string} executablePath @returns {Promise<Page>} */
async function openFirefox(executablePath) {
  const { launch } = await import('puppeteer-core');
  const browser = await launch({ browser: 'firefox', executablePath, headless: true });
  const page = await browser.newPage();
  return {
    goto: async (url) => void (await page.goto(url)),
    evaluate: (source) => page.evaluate(source),
    type: (text) => page.keyboard.type(text),
    async chord(keys) {
      for (const key of keys) await page.keyboard.down(/** @type {any} */ (key));
      for (const key of keys.toReversed()) await page.keyboard.up(/** @type {any} */ (key));
    },
    close: () => browser.close(),
  };
}

/** The code points by which WebDriver calls keys. */
const KEYS = { Control: '\ue009', Shift: '\ue008', Tab: '\ue004', Enter: '\ue007', Backspace: '\ue003', End: '\ue010' };

/** @param {string} driver @param {string} xvfb @param {string} manager @returns {Promise<Page>} */
async function openWebKit(driver, xvfb, manager) {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  const port = await freePort();
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  const start = (/** @type {string} */ program, /** @type {string[]} */ args, /** @type {any} */ options) => {
    const child = spawn(program, args, { stdio: 'ignore', ...options });
    children.push(child);
    return child;
  };
  const stop = () => {
    for (const child of children.reverse()) child.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    // Xvfb takes the first screen that is free, and tells which.
    const screen = start(xvfb, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const display = await new Promise((done, fail) => {
      screen.stdio[3]?.once('data', (/** @type {Buffer} */ data) => done(`:${String(data).trim()}`));
      screen.once('exit', () => fail(new Error('Xvfb has no screen')));
    });
    const env = { ...process.env, DISPLAY: display, HOME: home, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
    start(manager, [], { env });
    start(driver, [`--port=${port}`, '--host=127.0.0.1'], { env });
    return await webDriver(`http://127.0.0.1:${port}`, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

/** A session of WebDriver. @param {string} base @param {() => void} stop @returns {Promise<Page>} */
async function webDriver(base, stop) {
  const ask = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => {
    const response = await fetch(base + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`);
    return value;
  };
  const until = Date.now() + 15_000;
  while (
    !(await fetch(`${base}/status`).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (Date.now() > until) throw new Error('WebKitWebDriver did not start');
    await new Promise((done) => setTimeout(done, 100));
  }
  const browserOptions = { binary: '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', args: ['--automation'] };
  const binary = [
    browserOptions.binary,
    '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser',
    '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
    '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.0/MiniBrowser',
  ].find((path) => existsSync(path));
  const { sessionId } = await ask('POST', '/session', {
    capabilities: {
      alwaysMatch: binary ? { 'webkitgtk:browserOptions': { ...browserOptions, binary } } : {},
    },
  });
  const session = `/session/${sessionId}`;
  const press = (/** @type {any[]} */ actions) =>
    ask('POST', `${session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
  const key = (/** @type {string} */ type, /** @type {string} */ value) => ({ type, value });
  return {
    goto: (url) => ask('POST', `${session}/url`, { url }),
    evaluate: (source) => ask('POST', `${session}/execute/sync`, { script: `return (${source})`, args: [] }),
    type: (text) => press([...text].flatMap((one) => [key('keyDown', one), key('keyUp', one)])),
    chord(keys) {
      const values = keys.map((name) => KEYS[/** @type {keyof typeof KEYS} */ (name)] ?? name);
      return press([
        ...values.map((one) => key('keyDown', one)),
        ...values.toReversed().map((one) => key('keyUp', one)),
      ]);
    },
    async close() {
      await ask('DELETE', session).catch(() => {});
      stop();
    },
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });
}
