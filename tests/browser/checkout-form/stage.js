// A page with a form that is attached, on a server that keeps what is posted to it.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
export const withWasm = `default-src 'none'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; form-action 'self'`;
export const withoutWasm = withWasm.replace(" 'wasm-unsafe-eval'", '');

/** January 2026. */
export const AT = Date.UTC(2026, 0, 15);

/** An empty page for a script that makes the form. */
const EMPTY = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout</title><link rel="icon" href="data:,">
<main><h1>Checkout</h1><div id="app"></div></main><script type="module" src="/page.js"></script></html>`;

/** Compiles components of Svelte. @type {import('esbuild').Plugin} */
const svelte = {
  name: 'svelte',
  setup(builder) {
    builder.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await import('svelte/compiler');
      return { contents: compile(readFileSync(path, 'utf8'), { filename: path, generate: 'client' }).js.code };
    });
  },
};

/**
 * A form and its script on a server of their own; `posted` has the bodies that came to the gateway's address.
 * @param {string} [framework] a script of `frameworks/` that makes the form; `form.html` with `page.js` if left out
 */
export async function serve(framework) {
  const { outputFiles } = await build({
    entryPoints: [join(here, framework ? `frameworks/${framework}.js` : 'page.js')],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    conditions: ['svelte', 'browser'],
    plugins: [svelte],
    absWorkingDir: resolve(here, '..', '..', '..'),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  const html = framework ? EMPTY : readFileSync(join(here, 'form.html'), 'utf8');
  const stage = {
    policy: withWasm,
    /** More headers of the page. @type {Record<string, string>} */
    headers: {},
    /** Changes the page before it is sent. @type {(html: string) => string} */
    edit: (text) => text,
    /** What the gateway waits for before it answers. @type {Promise<void>} */
    gate: Promise.resolve(),
    /** @type {string[]} */
    posted: [],
    url: '',
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(async (request, response) => {
    const type = (/** @type {string} */ name) => ({ 'content-type': `text/${name}; charset=utf-8` });
    const { pathname } = new URL(String(request.url), 'http://localhost');
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      stage.posted.push(body);
      await stage.gate;
      response.writeHead(200, type('html')).end('<title>Gateway</title>');
    } else if (pathname === '/') {
      response
        .writeHead(200, { ...type('html'), 'content-security-policy': stage.policy, ...stage.headers })
        .end(stage.edit(html));
    } else if (pathname === '/page.js') {
      response.writeHead(200, type('javascript')).end(outputFiles[0].text);
    } else {
      response.writeHead(200, type('html')).end('<title>Elsewhere</title>');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  return stage;
}

/** The published test cards that the tests type, by brand; grouped as on the card. */
export const NUMBERS = {
  VISA: '4005 5500 0000 0001',
  MASTERCARD: '5123 4567 8901 2346',
  AMEX: '3456 789012 34564',
  MADA: '5297 4125 4200 5689',
  MEEZA: '9818 9505 2788 6700 002',
};

/** A card number without its spaces. @param {string} shown */
export const bare = (shown) => shown.replaceAll(' ', '');

/**
 * Opens the form in a context of its own, which is closed after the test; any complaint of the page fails it.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').Browser} browser
 * @param {Awaited<ReturnType<typeof serve>>} stage
 * @param {Record<string, string>} [query] options of `attachCheckout`
 */
export async function visit(t, browser, stage, query = {}) {
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  t.after(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`);
  });
  await page.goto(`${stage.url}/?${new URLSearchParams({ at: String(AT), ...query })}`);
  await page.waitForFunction(() => 'checkout' in window);
  return page;
}

/**
 * What a field shows and says.
 * @param {import('playwright-core').Page} page
 * @param {string} id
 */
export const look = (page, id) =>
  page.locator(`#${id}`).evaluate((/** @type {HTMLInputElement} */ field) => ({
    value: field.value,
    caret: field.selectionStart,
    valid: field.validity.valid,
    message: field.validationMessage,
    userInvalid: field.matches(':user-invalid'),
    ariaInvalid: field.getAttribute('aria-invalid'),
  }));

/**
 * The expiry date that would be posted now; empty for none.
 * @param {import('playwright-core').Page} page
 */
export const expiryPosted = (page) =>
  page.evaluate(() => new FormData(document.querySelector('form')).get('expiry_date') ?? '');

/**
 * Fills in the card well, by the keyboard.
 * @param {import('playwright-core').Page} page
 */
export async function fillCard(page, { number = NUMBERS.VISA, expiry = '0827', code = '123' } = {}) {
  await page.locator('#number').pressSequentially(bare(number));
  await page.locator('#expiry').pressSequentially(expiry);
  await page.locator('#code').pressSequentially(code);
  await page.locator('#holder').pressSequentially('Layla Haddad');
}
