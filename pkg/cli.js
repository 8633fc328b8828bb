#!/usr/bin/env node
// `npx aps-payops`: the sandbox, signatures, amounts, rules and codes from a shell. Phrases come from the environment
// only, since other users of a machine can read the arguments of a process.

import { readFileSync } from 'node:fs';
import { text as readStream } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  Amount,
  ConfigurationError,
  describe,
  describeAcquirer,
  explainSignature,
  sign,
  validate,
  verify,
} from './server.js';

/** Wrong arguments: printed with the usage of the command, exit code 2. */
class UsageError extends Error {}

/** @typedef {Record<string, string | boolean | undefined>} Flags */
/** @typedef {{ output: unknown, lines: string[], code?: number } | void} Result `output`: what `--json` prints */

/**
 * @typedef {object} Command
 * @property {string} usage
 * @property {string} about
 * @property {string[]} [more] lines for its own help: what is printed, read or set besides
 * @property {Record<string, { type: 'string' | 'boolean', short?: string }>} [options] besides `--json` and `--help`
 * @property {number} [words] how many it takes besides options; none if left out
 * @property {(words: string[], flags: Flags) => Result | Promise<Result>} run
 */

const DIGEST = /** @type {const} */ ({ type: 'string' });
const DIGEST_HELP =
  'The digest is --digest, or APS_DIGEST, or SHA-256; the others are SHA-512, HMAC-256 and HMAC-512. Two phrases: a JSON array.';
const NO_HINT =
  'No common mistake explains it: check the phrase and the digest in the back office, under Integration Settings.';
const IGNORE_HELP = "--ignore names query parameters of your own on return_url, which APS's signature does not cover.";

/** @type {Record<string, Command>} */
const commands = {
  sandbox: {
    usage: 'sandbox [--port PORT] [--webhook URL]',
    about: 'starts the offline gateway and prints its account as .env lines; Ctrl+C ends it',
    more: [
      'Save the lines as .env, and start your shop with `node --env-file=.env shop.js`: `PaymentServices.fromEnv()` reads them.',
      'Notifications go to the URL of --webhook; those that it does not accept are reported on the standard error.',
      'Example: npx aps-payops sandbox --port 4000 --webhook http://127.0.0.1:3000/aps > .env',
    ],
    options: { port: { type: 'string' }, webhook: { type: 'string' } },
    run: runSandbox,
  },
  sign: {
    usage: 'sign [--digest NAME] < params.json',
    about: 'signs parameters with APS_SHA_REQUEST_PHRASE, exactly as they are',
    more: ['Numbers are read as JSON: write amounts as text.', DIGEST_HELP],
    options: { digest: DIGEST },
    async run(_, flags) {
      const input = await readInput();
      const params = parseJson(input);
      const [phrase = ''] = phrasesOf('APS_SHA_REQUEST_PHRASE');
      const signature = sign(params, { phrase, digest: digestOf(flags) });
      assertLossless(input, params);
      return { output: { signature }, lines: [signature] };
    },
  },
  verify: {
    usage: 'verify [--digest NAME] [--ignore NAME,NAME] < message',
    about: 'verifies a JSON or form-encoded message with APS_SHA_RESPONSE_PHRASE; exit code 1 if it does not match',
    more: [DIGEST_HELP, IGNORE_HELP],
    options: { digest: DIGEST, ignore: { type: 'string' } },
    async run(_, flags) {
      const [message, options] = [await readInput(), responseOptions(flags)];
      const matches = verify(message, options);
      const lines = [matches ? 'The signature matches.' : 'The signature does not match.'];
      // It throws what is wrong with a message that cannot be read.
      if (!matches && explainSignature(message, options).hints.length > 0) lines.push('`explain` says why.');
      return { output: { matches }, lines, code: matches ? 0 : 1 };
    },
  },
  explain: {
    usage: 'explain [--digest NAME] [--ignore NAME,NAME] < message',
    about: 'shows what was signed and which common mistake explains a mismatch',
    more: [
      'APS_SHA_RESPONSE_PHRASE is needed; with APS_SHA_REQUEST_PHRASE set, a message signed with it is recognised too.',
      DIGEST_HELP,
      IGNORE_HELP,
    ],
    options: { digest: DIGEST, ignore: { type: 'string' } },
    async run(_, flags) {
      const name = 'APS_SHA_REQUEST_PHRASE';
      const options = { ...responseOptions(flags), ...(process.env[name] && { otherPhrase: phrasesOf(name) }) };
      const found = explainSignature(await readInput(), options);
      const lines = [
        found.matches ? 'The signature matches.' : 'The signature does not match.',
        `Signed text: ${found.canonical}`,
        ...found.hints.map(({ message, parameter }) => `- ${parameter ? `${parameter}: ` : ''}${message}`),
        ...(found.matches || found.hints.length > 0 ? [] : [NO_HINT]),
      ];
      return { output: found, lines, code: found.matches ? 0 : 1 };
    },
  },
  amount: {
    usage: "amount '12.5 KWD'",
    about: "turns a decimal amount into APS's minor units",
    more: ["Example: npx aps-payops amount '12.5 KWD' prints 12500. Nothing is rounded."],
    words: 2,
    run(words) {
      const [decimal = '', currency = '', ...rest] = words.join(' ').trim().split(/\s+/);
      if (currency === '' || rest.length > 0)
        throw new UsageError('Give an amount and a currency, separated by a space.');
      const amount = Amount.parse(decimal, currency.toUpperCase());
      return { output: amount, lines: [String(amount.minor)] };
    },
  },
  validate: {
    usage: 'validate COMMAND [--language en|ar] < params.json',
    about: 'lists what is wrong with the parameters of a command; exit code 1 if there are errors',
    more: [
      'COMMAND is a name of APS, such as CAPTURE. Leave out what the account supplies: access_code, signature and so on.',
    ],
    words: 1,
    options: { language: { type: 'string' } },
    async run([command], flags) {
      const { name } = findCommand(command);
      const language = languageOf(flags);
      const input = await readInput();
      const params = parseJson(input);
      const issues = validate(name, params, { language });
      if (issues.length === 0) assertLossless(input, params);
      const lines = issues.map(lineOf);
      const isWrong = issues.some(({ severity }) => severity === 'error');
      return { output: issues, lines: lines.length > 0 ? lines : ['All is well.'], code: isWrong ? 1 : 0 };
    },
  },
  required: {
    usage: 'required COMMAND',
    about: 'lists the parameters that a command needs, and what each holds',
    words: 1,
    run: ([command]) => listRequired(command),
  },
  codes: {
    usage: 'codes CODE [--language en|ar]',
    about: "describes a response code (five digits), or an acquirer's (fewer)",
    words: 1,
    options: { language: { type: 'string' } },
    run([code], flags) {
      if (code === undefined) throw new UsageError('Give a code, such as 13666.');
      const language = languageOf(flags);
      if (code.length < 5) {
        const text = describeAcquirer(code, language);
        return { output: { code, text }, lines: [text] };
      }
      if (!/^\d{5}$/.test(code))
        throw new UsageError('A response code has five digits; that of an acquirer is shorter.');
      const description = describe(code, language);
      return { output: { code, ...description }, lines: [`${description.text} (${description.outcome})`] };
    },
  },
  migrate: {
    usage: 'migrate [--sql]',
    about: "makes the journal's tables in the database of DATABASE_URL, or brings them up to date; --sql prints how",
    options: { sql: { type: 'boolean' } },
    run: runMigrate,
  },
};

/** @param {string[]} _ @param {Flags} flags */
async function runMigrate(_, { sql }) {
  const { migrate, migrationSql, openStore } = await import('./journal.js');
  if (sql) return { output: { sql: migrationSql() }, lines: [migrationSql().trimEnd()] };
  const where = process.env.DATABASE_URL;
  if (!where)
    throw new UsageError('Set DATABASE_URL: it may hold a password, so it is read from the environment alone.');
  const store = await openStore(where, { patience: 0 });
  try {
    const { to } = await migrate(store);
    return { output: { version: to }, lines: [`The journal's tables are at version ${to}.`] };
  } finally {
    await store.close();
  }
}

/** @param {string[]} _ @param {Flags} flags */
async function runSandbox(_, { port = '0', webhook, json }) {
  if (typeof port !== 'string' || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError('--port is a number up to 65535.');
  }
  if (typeof webhook === 'string' && !/^https?:$/.test(URL.canParse(webhook) ? new URL(webhook).protocol : '')) {
    throw new UsageError('--webhook is an http or https URL.');
  }
  const { createSandbox } = await import('./sandbox/index.js');
  const sandbox = createSandbox(
    typeof webhook === 'string' ? { webhook: { url: webhook, refused: reportRefusal } } : {},
  );
  const { url } = await sandbox.listen(Number(port)).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use (EADDRINUSE): give another with --port, or end the program that uses it.`);
  });
  const { account } = sandbox;
  const env = {
    APS_ENVIRONMENT: JSON.stringify(account.environment),
    APS_MERCHANT_IDENTIFIER: account.merchant_identifier,
    APS_ACCESS_CODE: account.access_code,
    APS_SHA_REQUEST_PHRASE: account.sha_request_phrase,
    APS_SHA_RESPONSE_PHRASE: String(account.sha_response_phrase),
    APS_DIGEST: account.digest,
  };
  if (json) process.stdout.write(`${JSON.stringify({ url, env })}\n`);
  else {
    const lines = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
    process.stdout.write(`# The APS sandbox is at ${url}\n${lines.join('\n')}\n`);
  }
  // With the account in a file, the terminal would show nothing.
  if (!process.stdout.isTTY) process.stderr.write(`The APS sandbox is at ${url}; Ctrl+C ends it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

/**
 * Reports a notification that is not accepted: a shop that answers 400 or 503 says nothing of its own.
 * @param {import('./sandbox/index.js').Refusal} refusal
 */
function reportRefusal({ url, command, merchant_reference, status, error, left, interval }) {
  const late = error === 'TimeoutError' ? 'did not answer' : `cannot be reached (${error})`;
  const what = error === undefined ? `answered ${status}` : late;
  const next = left > 0 ? `retried in ${interval / 1000} s, up to ${left} times` : 'not retried';
  process.stderr.write(`Notification of ${command} ${merchant_reference}: ${url} ${what} (${next}).\n`);
}

/** @typedef {{ parameter: string, is?: string[], and?: Condition, unless?: Condition }} Condition */
/** @typedef {{ oneOf?: string[], needs?: string[], when?: Condition }} Rule */

/**
 * What the dictionary says of a command.
 * @param {string | undefined} word its name, in either case
 * @returns {{ name: string, parameters: Record<string, string>, rules: Rule[], notes: Record<string, { note?: string }> }}
 */
function findCommand(word) {
  const url = new URL('./generated/dictionary.json', import.meta.url);
  const { commands: known, parameters: notes } = JSON.parse(readFileSync(url, 'utf8'));
  const name = word?.toUpperCase() ?? '';
  if (!Object.hasOwn(known, name)) throw new UsageError(`Name one of ${Object.keys(known).join(', ')}.`);
  return { name, notes, rules: [], ...known[name] };
}

/** @param {string | undefined} word @returns {Result} */
function listRequired(word) {
  const { parameters, rules, notes } = findCommand(word);
  const required = Object.keys(parameters).filter((own) => parameters[own] === 'required');
  const demands = rules.flatMap(({ oneOf, needs, when }) => {
    if (oneOf) return [`${oneOf.join(' or ')}: one of them`];
    return needs && when ? [`${needs.join(', ')}: with ${describeCondition(when)}`] : [];
  });
  const output = { required, rules };
  return { output, lines: [...required.map((own) => `${own}: ${notes[own]?.note ?? ''}`), ...demands] };
}

/** @param {Condition} condition @returns {string} */
function describeCondition({ parameter, is, and, unless }) {
  const also = and ? ` and ${describeCondition(and)}` : '';
  const own = (is ? `${parameter} ${is.join(' or ')}` : parameter) + also;
  return unless ? `${own}, unless ${unless.parameter} is ${unless.is?.join(' or ') ?? 'given'}` : own;
}

async function readInput() {
  if (process.stdin.isTTY) process.stderr.write('Reading from the terminal; Ctrl+D ends the input.\n');
  const input = (await readStream(process.stdin)).replace(/^\ufeff/, '').trimEnd();
  if (input === '') throw new UsageError('The input is empty.');
  return input;
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('The input is not JSON.');
  }
}

/**
 * Refuses a repeated name, of which JavaScript keeps one, and a number that it writes in another way.
 * @param {string} text of an object
 * @param {unknown} params what became of it
 */
function assertLossless(text, params) {
  const textOf = (/** @type {string} */ json) =>
    explainSignature(json, { phrase: 'none', digest: 'SHA-256' }).canonical;
  if (textOf(text) === textOf(JSON.stringify(params))) return;
  throw new UsageError('JavaScript would change a number of the input, such as 1.0: write it as a string.');
}

/** An issue as a line; its message names the parameter. @param {{ severity: string, parameter: string, message: string }} issue */
const lineOf = ({ severity, parameter, message }) =>
  `${severity}: ${message.includes(parameter) ? '' : `${parameter}: `}${message}`;

/** @param {Flags} flags */
function languageOf({ language = 'en' }) {
  if (language === 'en' || language === 'ar') return language;
  throw new UsageError('--language is en or ar.');
}

/**
 * The phrases of an environment variable, as `accountFromEnv` reads them: a JSON array of strings is several, newest first.
 * @param {string} name
 * @returns {readonly string[]}
 */
function phrasesOf(name) {
  const phrase = process.env[name];
  if (!phrase) throw new UsageError(`Set ${name}: phrases are read from the environment alone.`);
  try {
    const list = JSON.parse(phrase);
    if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
  } catch {
    // One phrase, which is no JSON.
  }
  return [phrase];
}

/** @param {Flags} flags */
function digestOf({ digest }) {
  return /** @type {'SHA-256'} */ (digest ?? process.env.APS_DIGEST ?? 'SHA-256');
}

/** @param {Flags} flags */
function responseOptions(flags) {
  const { ignore } = flags;
  const phrase = phrasesOf('APS_SHA_RESPONSE_PHRASE');
  return { phrase, digest: digestOf(flags), ...(typeof ignore === 'string' && { ignore: ignore.split(',') }) };
}

function describeUsage() {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(({ usage, about }) => `  ${usage.padEnd(width)}  ${about}`);
  return `Usage: aps-payops COMMAND [--json] [--help]\n\n${lines.join('\n')}\n`;
}

/** @param {Command} command */
function describeUsageOf({ usage, about, more = [] }) {
  // Options stand before what a shell redirects.
  const whole = usage.includes(' < ') ? usage.replace(' < ', ' [--json] < ') : `${usage} [--json]`;
  return `Usage: aps-payops ${whole}\n\n${[`It ${about}.`, ...more].join('\n')}\n`;
}

/** Options that every command has; they may stand before its name. */
const EVERYWHERE = ['--json', '--help', '-h'];

/** @param {string[]} argv */
async function main(argv) {
  const place = argv.findIndex((word) => !EVERYWHERE.includes(word));
  const name = place < 0 ? undefined : argv[place];
  if (name === undefined || name === 'help') {
    process.stdout.write(argv.includes('--json') ? `${JSON.stringify(listCommands())}\n` : describeUsage());
    return name === undefined && !argv.some((word) => word === '--help' || word === '-h') ? 2 : 0;
  }
  if (name === '--version') return void process.stdout.write(`${readVersion()}\n`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command ${name}.`);
  const options = { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };
  const args = argv.toSpliced(place, 1);
  const parsed = parseArgs({ args, allowPositionals: true, options: /** @type {any} */ (options) });
  const flags = /** @type {Flags} */ (parsed.values);
  if (flags.help) {
    const text = describeUsageOf(command);
    process.stdout.write(flags.json ? `${JSON.stringify(describeCommand(name, command))}\n` : text);
    return 0;
  }
  // What is too much may be a phrase: it is not printed.
  if (parsed.positionals.length > (command.words ?? 0)) {
    throw new UsageError('There are too many arguments. Messages come from the input, phrases from the environment.');
  }
  const result = await command.run(parsed.positionals, flags);
  if (!result) return 0;
  process.stdout.write(flags.json ? `${JSON.stringify(result.output)}\n` : `${result.lines.join('\n')}\n`);
  return result.code ?? 0;
}

/** @param {string} name @param {Command} command */
const describeCommand = (name, { usage, about }) => ({ name, usage: `aps-payops ${usage}`, about });

const listCommands = () => Object.entries(commands).map(([name, command]) => describeCommand(name, command));

function readVersion() {
  const url = import.meta.resolve('aps-payops/package.json');
  return JSON.parse(readFileSync(new URL(url), 'utf8')).version;
}

/**
 * Prints an error: as a sentence, or with `--json` as an object on the same output as results.
 * @param {string[]} argv
 * @param {unknown} error
 * @returns {number} the exit code
 */
function printError(argv, error) {
  const { code, message: whole, issues } = /** @type {Error & { code?: unknown, issues?: unknown }} */ (error);
  const isParsing = String(code).startsWith('ERR_PARSE_ARGS');
  const isUsage = error instanceof UsageError || isParsing;
  // Node goes on to explain how an argument may begin with a hyphen, which none of ours does.
  const message = isParsing ? whole.replace(/\. To specify.*$/s, '.') : whole;
  if (argv.includes('--json')) {
    const report = { code: isUsage ? 'usage' : code, message, ...(issues !== undefined && { issues }) };
    process.stdout.write(`${JSON.stringify({ error: report })}\n`);
  } else {
    const name = argv.find((word) => Object.hasOwn(commands, word));
    const usage = name === undefined ? '--help' : commands[name]?.usage;
    process.stderr.write(`${message}\n${isUsage ? `Usage: aps-payops ${usage}\n` : ''}`);
  }
  return isUsage || error instanceof ConfigurationError ? 2 : 1;
}

// A reader that has enough, such as head, ends the command quietly; a full disk does not.
process.stdout.on('error', ({ code, message }) => {
  if (code !== 'EPIPE') process.stderr.write(`${message}\n`);
  process.exit(code === 'EPIPE' ? process.exitCode : 1);
});

const argv = process.argv.slice(2);
try {
  process.exitCode = (await main(argv)) ?? 0;
} catch (error) {
  process.exitCode = printError(argv, error);
}
