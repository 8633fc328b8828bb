// npm run compare: compares how an earlier commit and this one judge random requests and replies.
//   node scripts/compare-with.js [COMMIT] [--count 1000000] [--seed 1]
// The earlier commit is built in a worktree under .cache/compare. Differences are printed in groups with an example of each; it
// fails if there is one that is not intended.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, parseArgs } from 'node:util';
import { commonOf, differenceOf, examples } from './lib/compare.js';
import { main } from './lib/main.js';
import { at, cache, root } from './lib/paths.js';
import { prepare } from './lib/prepare.js';

/** @param {unknown} given */
const format = (given) => inspect(given, { depth: 9, breakLength: Infinity });

/** The last commit before the internals were rebuilt. */
const BEFORE = '0734d95';

/** Commands whose rules between parameters have changed since. */
const CHANGED = ['3DS_ENROLLMENT', 'CREATE_TOKEN', 'GET_INSTALLMENTS_PLANS', 'OTP_GENERATE'];

/**
 * The differences that are intended, and why.
 * @type {readonly { why: string, is: (difference: import('./lib/compare.js').Difference) => boolean }[]}
 */
const INTENDED = [
  {
    why: 'U+0000 and U+0001 are refused in every value, and make a message unreadable: they separate the fields of a record',
    is: ({ given }) => /\\x0[01]|\\u000[01]|%0[01]/.test(format(given)),
  },
  {
    why: "an order may expect amount: 'any', and a message about money is refused without an amount",
    is: ({ call, given: [, order] }) => call === 'notification' && order && /^(any|undefined)$/.test(`${order.amount}`),
  },
  {
    why: 'more is ambiguous: order_description, maintenance_reference, and longer names that could be split differently',
    is: ({ now }) => now === 'SignatureError ambiguous',
  },
  {
    why: 'newer facts changed rules of these commands',
    is: ({ call, given: [command] }) => /^(validate|request|form)$/.test(call) && CHANGED.includes(command),
  },
  {
    why: 'a parameter without a name is unknown, and no rule depends on it any more',
    is: ({ given }) => given.some((params) => typeof params === 'object' && params !== null && '' in params),
  },
  {
    why: 'merchant_extra is known for all operations that have an order, and only a warning where APS may reject it',
    is: ({ before }) => /\bmerchant_extra\d?:unknown:error\b/.test(before),
  },
  {
    why: 'an amount or a currency of a void is a warning, and checked like any other',
    is: ({ before, given: [command] }) =>
      command === 'VOID_AUTHORIZATION' && /\b(amount|currency):not_allowed:error\b/.test(before),
  },
  {
    why: 'an unsigned rejection with the access code of another account does not answer a request of this one',
    is: ({ call, now }) => call === 'reply' && /(^| )access_code$/.test(now),
  },
  {
    why: 'an object or list with a rejected part is not reported as missing as well',
    is: ({ before, now, given: [, params] }) =>
      now === 'nothing' && typeof params?.[/^(\w+):missing:error$/.exec(before)?.[1] ?? ''] === 'object',
  },
  {
    why: 'only the documentation requires digital_wallet with call_id, so it is a warning',
    is: ({ before, given: [, params] }) => before.includes('digital_wallet:missing:error') && 'call_id' in params,
  },
  {
    why: 'a parameter that two rules require is reported as missing once',
    is: ({ before, now, repeated }) => before === 'nothing' && now === 'nothing' && repeated,
  },
  {
    why: 'the results of an external MPI belong together, and a network token has its token; also beside a bad return_url',
    is: ({ before, now }) => {
      const added =
        /(^| )((3ds_(eci|enrolled|status)|ver_token):missing:warning|(network_token\.token:missing|return_url:bad_format):error)/g;
      return added.test(now) && (now.replaceAll(added, '').trim() || 'nothing') === before;
    },
  },
  {
    why: 'only the payment API takes objects, lists and the results of an external MPI, so a form with them is rejected',
    is: ({ call, before, now, given: [, params] }) => {
      const isOfApi = (/** @type {string} */ name) =>
        /^(3ds_(eci|enrolled|status|xid)|ver_token)$/.test(name) ||
        typeof params[name] === 'object' ||
        before.includes(`${name}:bad_format:error`);
      return call === 'form' && [...now.matchAll(/(\w+):not_allowed:error/g)].some(([, name = '']) => isOfApi(name));
    },
  },
  {
    why: 'an e-mail address must look like one, however short it is',
    is: ({ now }) => /\bcustomer_email:bad_format:/.test(now),
  },
  {
    why: 'return_url must be a web address',
    is: ({ now }) => /^(ValidationError validation )?return_url:bad_format:error$/.test(now),
  },
  {
    why: 'a list in place of an object, or an object in place of a list, is reported as such',
    is: ({ now, given: [, params] }) => {
      const refused = [...now.matchAll(/(\w+):bad_format:error/g)].map(([, name]) => name ?? '');
      return refused.length > 0 && refused.every((name) => typeof params?.[name] === 'object');
    },
  },
];

/** @param {string} commit */
function build(commit) {
  const folder = join(cache, 'compare', commit);
  if (!existsSync(folder)) {
    mkdirSync(join(cache, 'compare'), { recursive: true });
    execFileSync('git', ['worktree', 'add', '--detach', folder, commit], { cwd: root, stdio: 'inherit' });
    symlinkSync(at('node_modules'), join(folder, 'node_modules'), 'junction');
    // The same tools: they take minutes to build.
    cpSync(join(cache, 'steps', 'wasm-bindgen tools'), join(folder, '.cache', 'steps', 'wasm-bindgen tools'), {
      recursive: true,
    });
    symlinkSync(join(cache, 'tools'), join(folder, '.cache', 'tools'), 'junction');
  }
  if (!serverOf(folder)) {
    execFileSync(process.execPath, ['scripts/build.js'], { cwd: folder, stdio: 'inherit' });
  }
  return folder;
}

/** The server's entry for Node in a folder that is built, of today or of before. @param {string} folder */
const serverOf = (folder) =>
  [join('cjs', 'server.mjs'), join('node', 'server.js')]
    .map((path) => join(folder, 'pkg', path))
    .find((path) => existsSync(path));

/** @param {string} folder */
const load = async (folder) => import(pathToFileURL(serverOf(folder) ?? '').href);

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
  });
  const count = Number(values.count);
  await prepare();
  const folder = build(positionals[0] ?? BEFORE);
  const [before, now] = await Promise.all([load(folder), load(root)]);
  const [old, own] = [folder, root].map((place) =>
    JSON.parse(readFileSync(join(place, 'pkg', 'generated', 'dictionary.json'), 'utf8')),
  );
  const dictionary = commonOf(old, own);

  /** @type {Map<string, { count: number, first: string }>} */
  const groups = new Map();
  const intended = INTENDED.map(() => 0);
  let judged = 0;
  for (const example of examples(dictionary, Number(values.seed), now)) {
    if (judged === count) break;
    judged += 1;
    const difference = differenceOf(example, before, now);
    if (difference === null) continue;
    const known = INTENDED.findIndex(({ is }) => is(difference));
    if (known >= 0) {
      intended[known] = (intended[known] ?? 0) + 1;
      continue;
    }
    const name = `${difference.call}: ${difference.before} became ${difference.now}`.slice(0, 400);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { count: 1, first: format(difference.given).slice(0, 600) });
    else group.count += 1;
  }
  console.log(`${judged} requests and replies judged by both`);
  for (const [place, { why }] of INTENDED.entries()) console.log(`${intended[place]} differ as intended: ${why}`);
  for (const [name, group] of [...groups].sort(([, a], [, b]) => b.count - a.count)) {
    console.log(`\n${group.count} ${name}\n  ${group.first}`);
  }
  if (groups.size > 0) process.exitCode = 1;
});
