// What APS adds is added to one place each, as DESIGN.md shows: a command with its method, an amount, a secret, a wallet
// with credentials of its own, a currency. The made-up ones of that page go into a copy of the package, which is built of it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect, promisify } from 'node:util';
import { phrases } from '../../secrets.js';
import { account } from './signed-capture.js';

/** The repository: the tests may run in a copy further down. */
function repository() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'Cargo.toml'))) {
    if (folder === dirname(folder)) throw new Error('the repository is not found');
    folder = dirname(folder);
  }
  return folder;
}

const root = repository();
const run = promisify(execFile);
const copy = mkdtempSync(join(tmpdir(), 'aps-payops-dictionary-'));
const read = (path) => readFileSync(join(copy, path), 'utf8');
const importFromCopy = (path) => import(pathToFileURL(join(copy, path)).href);

/** Puts text behind the first occurrence of other text in a file of the copy. */
function insert(path, behind, text) {
  const old = read(path);
  const at = old.indexOf(behind);
  assert.notEqual(at, -1, behind);
  writeFileSync(join(copy, path), old.slice(0, at + behind.length) + text + old.slice(at + behind.length));
}

before(
  async () => {
    const design = readFileSync(join(root, 'DESIGN.md'), 'utf8');
    const [, command] = /```toml\n(\[commands\.COUNT_STARS\][\s\S]*?)```/.exec(design);
    const [, lines] = /```toml\n(# under \[methods\][\s\S]*?)```/.exec(design);
    const [, currency] = /a line of `src\/currency\.rs`: `([^`]+)`/.exec(design);
    const parts = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'README.md', 'rust-toolchain.toml', 'package.json', 'src'];
    const others = ['tests/fixtures', 'tests/rust', 'scripts/lib'];
    for (const part of [...parts, ...others]) cpSync(join(root, part), join(copy, part), { recursive: true });
    cpSync(join(root, 'pkg'), join(copy, 'pkg'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    const dictionary = 'src/dictionary/dictionary.toml';
    const under = /# under \[(\w+)\][^\n]*\n((?:[^#][^\n]*\n)+)/g;
    for (const [, table, text] of lines.matchAll(under)) insert(dictionary, `\n[${table}]\n`, text);
    writeFileSync(join(copy, dictionary), `${read(dictionary)}\n${command}`);
    // The table is sorted.
    insert('src/currency.rs', '"XPF" 0 "CFP Franc"\n', `    ${currency}\n`);

    // Kept between runs, so that the libraries are compiled once. The generator runs once, so it is not optimised.
    const env = { ...process.env, CARGO_TARGET_DIR: join(root, '.cache', 'made-up-target'), CARGO_INCREMENTAL: '0' };
    const plain = ['dev', 'dev.package.aps-payops'].flatMap((name) => ['--config', `profile.${name}.opt-level=0`]);
    const generator = ['run', '--quiet', '--locked', ...plain, '--features', 'reference', '--bin', 'generate', '--'];
    await run('cargo', [...generator, '--out', 'pkg/generated', '--docs', 'docs'], { cwd: copy, env });
    await (await importFromCopy('scripts/lib/assets.js')).packAssets();
  },
  { timeout: 600_000 },
);
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));

test('a command is data, types, reference and an answer of the sandbox', async () => {
  const { commands } = JSON.parse(read('pkg/generated/dictionary.json'));
  const { COUNT_STARS } = commands;
  assert.equal(COUNT_STARS.selector, 'service_command');
  assert.equal(COUNT_STARS.parameters.merchant_reference, 'required');
  assert.equal(COUNT_STARS.parameters.signature, 'supplied');
  const now = JSON.parse(readFileSync(join(root, 'pkg', 'generated', 'dictionary.json'), 'utf8')).commands;
  assert.deepEqual(Object.keys(commands).sort(), [...new Set([...Object.keys(now), 'COUNT_STARS'])].sort());
  assert.match(read('pkg/generated/commands.d.ts'), /COUNT_STARS/);
  const reference = read('docs/reference.md').split('\n### COUNT_STARS\n')[1]?.split('\n### ')[0] ?? '';
  assert.match(reference, /\| `merchant_reference` \| required \|/);
  assert.match(reference, /`aps\.stars\.count`/);

  const { createSandbox } = await importFromCopy('pkg/sandbox/index.js');
  const { ask } = await import('../../sandbox/plain-merchant.js');
  const sandbox = createSandbox();
  const star = { service_command: 'COUNT_STARS' };
  assert.equal((await ask(sandbox, star)).response_code, '00001', 'what is required is missing');
  assert.equal((await ask(sandbox, { ...star, merchant_reference: 'a', stars: '5' })).response_code, '00027');
  assert.equal((await ask(sandbox, { ...star, merchant_reference: 'a'.repeat(41) })).response_code, '00032');
  const reply = await ask(sandbox, {
    ...star,
    merchant_reference: 'a',
    order_description: 'Stars',
    starlight_fee: '0',
  });
  assert.equal(reply.status, '98');
  assert.notEqual(reply.fort_id, undefined, 'what the data says that a reply holds');
});

test('its method is one of the client, in its group', async () => {
  const { Services } = await importFromCopy('pkg/client/services.js');
  const sent = [];
  const client = new Services(
    (...call) => sent.push(call),
    () => assert.fail('it is no form'),
  );
  client.stars.count({ merchant_reference: 'a' }, { timeout: 1 });
  assert.deepEqual(sent, [['COUNT_STARS', { merchant_reference: 'a' }, { timeout: 1 }]]);
  assert.match(read('pkg/generated/methods.js'), /Counting stars\./);
});

test('an amount refuses numbers, takes Amounts, and is typed so', async () => {
  assert.match(read('pkg/generated/commands.d.ts'), /starlight_fee\?: Amount \| string \| bigint \| null;/);
  const { MONEY } = await importFromCopy('pkg/generated/parameters.js');
  assert.ok(MONEY.includes('starlight_fee'));
});

test('a secret is not printed, at any depth', async () => {
  const { maskSecrets } = await importFromCopy('pkg/message/mask.js');
  const secret = { stars: [{ star_key: '4000000000001234', other: '4000000000001234' }] };
  assert.deepEqual(maskSecrets(secret), { stars: [{ star_key: '[hidden]', other: '4000000000001234' }] });
  assert.doesNotMatch(inspect(maskSecrets({ star_key: '4000000000001234' })), /4000/);
});

test('a wallet has credentials of its own, in an account and in the environment', async () => {
  const { checkAccount, chooseCredentials } = await importFromCopy('pkg/message/account.js');
  const { accountFromEnv } = await importFromCopy('pkg/message/account-from-env.js');
  const starPay = { ...account, access_code: 'starStarStarStarStar' };
  const set = {
    access_code: starPay.access_code,
    sha_request_phrase: phrases.request,
    sha_response_phrase: phrases.response,
  };
  const checked = checkAccount({ ...account, starPay: set });
  assert.equal(chooseCredentials(checked, { digital_wallet: 'STAR_PAY' }).name, 'starPay');
  assert.equal(chooseCredentials(checked, {}).name, 'main');
  assert.throws(() => checkAccount({ ...account, starPay: { ...set, access_code: account.access_code } }), {
    code: 'invalid_account',
  });
  const env = {
    APS_ENVIRONMENT: 'sandbox',
    APS_MERCHANT_IDENTIFIER: account.merchant_identifier,
    APS_ACCESS_CODE: account.access_code,
    APS_SHA_REQUEST_PHRASE: phrases.request,
    APS_SHA_RESPONSE_PHRASE: phrases.response,
    APS_STAR_PAY_ACCESS_CODE: set.access_code,
  };
  assert.throws(() => accountFromEnv(env), /APS_STAR_PAY_SHA_REQUEST_PHRASE must/);
});

test('a currency is known by code, decimals and name', async () => {
  const { currencies } = await importFromCopy('pkg/money/currencies.js');
  assert.deepEqual(
    currencies().find(({ code }) => code === 'XST'),
    { code: 'XST', exponent: 2, name: 'Star' },
  );
});
