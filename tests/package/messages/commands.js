// Example requests of every command, really sent over HTTP to a sandbox, and what came back.

import { createSandbox } from 'aps-payops/sandbox';
import { buildForm, buildRequest, buildUpload, openNotification, openReply } from 'aps-payops/server';
import { credentials } from '../../account.js';
import { base, commands } from './dictionary.js';

/** Before every date in an example. */
const NOW = Date.UTC(2020, 0, 2, 3, 4, 5);
const CARD = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
const FILE = {
  name: 'test.csv',
  content: 'command,merchant_reference,amount,currency\nCAPTURE,XYZ9239-yu898,10000,AED\n',
};

/** What must have happened before: the examples are about one order, one token, one batch. A new command needs nothing. */
const BEFORE = {
  AUTHORIZATION: ['TOKENIZATION'],
  CAPTURE: ['AUTHORIZATION'],
  CHECK_PAYMENT_LINK_STATUS: ['PAYMENT_LINK'],
  CHECK_STATUS: ['AUTHORIZATION'],
  CHECK_VERIFY_CARD_STATUS: ['VERIFY_CARD'],
  DOWNLOAD_REPORT: ['GENERATE_REPORT'],
  GET_BATCH_RESULTS: ['UPLOAD_BATCH_FILE'],
  GET_REPORT: ['GENERATE_REPORT'],
  GET_TOKENS: ['TOKENIZATION'],
  OTP_GENERATE: ['CUSTOMER_VERIFY'],
  OTP_VERIFY: ['OTP_GENERATE'],
  PROCESS_BATCH: ['UPLOAD_BATCH_FILE'],
  PURCHASE: ['TOKENIZATION'],
  REFUND: ['PURCHASE'],
  UPDATE_PAYMENT_LINK: ['PAYMENT_LINK'],
  UPDATE_TOKEN: ['TOKENIZATION'],
  VOID_AUTHORIZATION: ['AUTHORIZATION'],
  '3DS_AUTHENTICATION': ['3DS_ENROLLMENT'],
  '3DS_ENROLLMENT': ['TOKENIZATION'],
};
/** Parameters of those that the later ones build on. */
const PREPARING = {
  PAYMENT_LINK: { payment_link_id: '148708392700020346' },
  TOKENIZATION: { token_name: 'Op9Vmp' },
};

export const commandOf = (name) => commands.find((command) => command.name === name);

/** A sandbox that listens, closed when the test ends. */
export async function listenTo(t) {
  const sandbox = createSandbox({ account: { ...credentials, digest: 'SHA-256' }, clock: () => NOW });
  await sandbox.listen();
  t.after(() => sandbox.close());
  return sandbox;
}

/** Everything that must have happened before a command. */
export async function prepare(sandbox, name) {
  for (const before of BEFORE[name] ?? []) {
    await prepare(sandbox, before);
    const command = commandOf(before);
    const done = await exchange(sandbox, command, {
      ...base(command, { page: onPage(command) }),
      ...PREPARING[before],
    });
    if (done.reply.status === '00') throw new Error(`${before}, before ${name}: ${done.reply.message}`);
  }
}

/** Whether a command can only be sent by the browser. */
export const onPage = ({ channel }) => channel.every((one) => one === 'page');

/**
 * Sends a command over HTTP the way that it has, and opens the answer.
 * @returns {Promise<{ request: object, received: object, reply: import('aps-payops/server').Reply }>}
 */
export async function exchange(sandbox, command, params, { page = onPage(command) } = {}) {
  const { account } = sandbox;
  if (page) return visit(sandbox, command, params);
  const built = command.channel.includes('upload')
    ? buildUpload({ batch_reference: params.batch_reference }, { ...FILE, name: params.file }, account)
    : buildRequest(command.name, params, account);
  const response = await fetch(built.url, built);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${command.name}: HTTP ${response.status}`);
  return {
    request: { ...built.params },
    received: JSON.parse(text),
    reply: openReply(text, account, { request: built }),
  };
}

/** As the customer's browser: posts the form, fills in the card where it is asked for, comes back to the shop. */
async function visit({ account }, command, params) {
  const form = buildForm(command.name, params, account);
  const { origin } = new URL(account.environment.paymentPage);
  // A service takes the card with the form, from fields of the shop's own page; who pays gives it on APS's page.
  const card = command.effect === 'service' ? pick(CARD, command.notOnPage) : {};
  let response = await post(form.action, { ...form.fields, ...card });
  for (let steps = 0; steps < 6; steps++) {
    const location = response.headers.get('location');
    if (location?.startsWith('/')) response = await fetch(origin + location, { redirect: 'manual' });
    else if (location) {
      const message = new URL(location).searchParams;
      const { merchant_reference } = params;
      const reply = openNotification(message, account, { expect: { merchant_reference, amount: 'any' } });
      return { request: { ...form.fields }, received: Object.fromEntries(message), reply };
    } else {
      const html = await response.text();
      const [, action] = /<form[^>]* action="(\/FortAPI\/paymentPage\/[^"]+)"/.exec(html) ?? [];
      if (!action)
        throw new Error(
          `${command.name}: the page leads nowhere: ${html
            .replace(/<[^>]*>/g, ' ')
            .replace(/\s+/g, ' ')
            .slice(0, 200)}`,
        );
      response = await post(origin + action, CARD);
    }
  }
  throw new Error(`${command.name}: the page never ends`);
}

const post = (url, fields) => fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

const pick = (from, names) => Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
