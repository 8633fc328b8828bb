// Breaks calls on purpose, in a process of its own: `node [--conditions=browser] broken-call.js overflow|trap|late`.
// Prints what it found as JSON.

import { createSandbox } from 'aps-payops/sandbox';
import { account } from '../../account.js';
import { phrases } from '../../secrets.js';

const [, , mode = ''] = process.argv;
const isBrowser = process.execArgv.includes('--conditions=browser');

const { Instance } = WebAssembly;
/** Functions of the wasm that trap at their next call. */
const trapping = new Set();
let instances = 0;
const trap = new Instance(
  new WebAssembly.Module(
    // (module (func (export "t") unreachable))
    Uint8Array.of(
      0,
      97,
      115,
      109,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      96,
      0,
      0,
      3,
      2,
      1,
      0,
      7,
      5,
      1,
      1,
      116,
      0,
      0,
      10,
      5,
      1,
      3,
      0,
      0,
      11,
    ),
  ),
).exports.t;

if (mode !== 'overflow') {
  WebAssembly.Instance = class {
    constructor(module, imports) {
      instances += 1;
      const { exports } = new Instance(module, imports);
      const wrapped = Object.entries(exports).map(([name, own]) => [
        name,
        typeof own !== 'function'
          ? own
          : (...given) => {
              const answer = own(...given);
              // After its work: its changes stay, its result is lost.
              return trapping.delete(name) ? trap() : answer;
            },
      ]);
      this.exports = Object.fromEntries(wrapped);
    }
  };
}

const library = await import(isBrowser ? 'aps-payops' : 'aps-payops/server');
const { Amount, ApsError, cardBrand, describe, Payment, validate } = library;

const options = { phrase: phrases.response, digest: 'SHA-256' };
const capture = { merchant_reference: 'order-1', amount: '1000', currency: 'AED', command: 'CAPTURE' };
const { command: _, ...params } = capture;
const authorized = Payment.authorized(Amount.parse('20', 'AED'), { at: 0 });

/** Each public call that reaches the wasm, and what of the wasm it calls. */
const calls = {
  amount: [() => Amount.parse('12.5', 'AED').toJSON(), 'amount'],
  badAmount: [() => code(() => Amount.parse('12.555', 'AED')), 'amount'],
  validate: [() => validate('CAPTURE', { ...params, amount: 'x', nested: { list: ['1'] } }), 'validate'],
  cardBrand: [() => cardBrand('4111'), 'card_brand'],
  describe: [() => describe('14000').outcome, 'outcome'],
  payment: [() => authorized.after('CAPTURE', Amount.parse('5', 'AED'), 1).toJSON(), 'payment'],
};

if (!isBrowser) {
  const { buildForm, buildRequest, explainSignature, openReply, sign, verify } = library;
  const reply = { ...capture, merchant_identifier: 'CycHZxVj', access_code: account.access_code };
  Object.assign(reply, { language: 'en', response_code: '04000', status: '04', response_message: 'Success' });
  reply.signature = sign(reply, options);
  const text = JSON.stringify(reply);
  const wrong = JSON.stringify({ ...reply, amount: '2000' });
  const form = {
    merchant_reference: 'o',
    amount: '1',
    currency: 'AED',
    customer_email: 'a@b.co',
    return_url: 'https://a.example/',
  };
  Object.assign(calls, {
    buildRequest: [() => buildRequest('CAPTURE', params, account).body, 'build'],
    slowRequest: [() => buildRequest('REFUND', { ...params, order_description: 'é"' }, account, {}).body, 'build'],
    newRequest: [() => buildRequest('NEWER', params, account, { selector: 'command' }).body, 'sign'],
    buildForm: [() => buildForm('PURCHASE', form, account).fields, 'build'],
    badRequest: [() => code(() => buildRequest('CAPTURE', { amount: 'x' }, account)), 'build'],
    sign: [() => sign({ a: '1', b: ['2'] }, options), 'sign'],
    verify: [() => verify(text, options), 'verify'],
    verifyForm: [() => verify(new URLSearchParams(reply), options), 'read_search_params'],
    openForm: [() => openReply(formOf(reply), account, { request: { params: capture } }).params, 'read_form_data'],
    openReply: [() => openReply(text, account, { request: { params: capture } }).params, 'open'],
    badReply: [() => code(() => openReply(wrong, account, { request: { params: capture } })), 'open'],
    explain: [() => explainSignature(wrong, options), 'explain'],
  });
}

function formOf(params) {
  const form = new FormData();
  for (const [name, value] of Object.entries(params)) form.append(name, value);
  return form;
}

/** The code of what is thrown, unless the call itself failed. */
function code(call) {
  try {
    call();
  } catch (error) {
    if (!(error instanceof ApsError) || error.code === 'stack_overflow' || error.code === 'internal') throw error;
    return error.code;
  }
  return 'none';
}

const due = Object.fromEntries(Object.entries(calls).map(([name, [call]]) => [name, JSON.stringify(call())]));
const errors = {};
const wrong = [];

/** Whether every call answers as before. */
function check(after) {
  for (const [name, [call]] of Object.entries(calls)) {
    try {
      const found = JSON.stringify(call());
      if (found !== due[name]) wrong.push(`${after}, then ${name}: ${found}`);
    } catch (error) {
      wrong.push(`${after}, then ${name}: ${error}`);
    }
  }
}

/** A form that calls the package while it is read: what traps there breaks the call around it too. */
function trapWithin() {
  const { sign, verify } = library;
  const form = {
    [Symbol.toStringTag]: 'FormData',
    *entries() {
      yield ['a', '1'];
      trapping.add('sign');
      try {
        sign({ a: '1' }, options);
        wrong.push('sign did not trap');
      } catch {}
      sign({ a: '1' }, options);
      yield ['b', '2'];
    },
  };
  try {
    wrong.push(`a form over a trap: ${verify(form, options)}`);
  } catch (error) {
    if (error.code !== 'internal') wrong.push(`a form over a trap: ${error}`);
  }
  check('a form trapped');
}

function note(name, error) {
  const kind = error instanceof ApsError ? error.code : error.name;
  if (kind === 'stack_overflow' || kind === 'internal') {
    if (!(error.cause instanceof Error)) wrong.push(`${name}: no cause`);
  } else if (kind !== 'RangeError') wrong.push(`${name}: ${error}`);
  errors[kind] = (errors[kind] ?? 0) + 1;
}

if (mode === 'overflow') {
  let left = 0;
  // Recurses until the stack is full, then calls in a frame that is `left` frames away from the end.
  const callAtDepth = (call) => {
    try {
      callAtDepth(call);
    } catch {}
    left -= 1;
    if (left === 0) attempt(call);
  };
  const attempt = (call) => {
    try {
      answer = call();
    } catch (found) {
      error = found;
    }
  };
  /** The result, which is written once there is room on the stack again. */
  let answer;
  let error;
  for (const [name, [call]] of Object.entries(calls)) {
    for (let depth = 1; depth < 400; depth += depth < 120 ? 1 : 7) {
      // First with room: code that is not compiled yet cannot be compiled at the end of the stack.
      if (depth === 1) attempt(call);
      answer = undefined;
      error = undefined;
      left = depth;
      callAtDepth(call);
      left = 0;
      if (error !== undefined) note(`${name} at ${depth}`, error);
      else if (answer !== undefined && JSON.stringify(answer) !== due[name])
        wrong.push(`${name} at ${depth}: ${answer}`);
      // The same call at once, and now and then all of them.
      const found = JSON.stringify(call());
      if (found !== due[name]) wrong.push(`${name} after ${depth}: ${found}`);
      if (depth % 10 === 0) check(`${name} at ${depth}`);
    }
  }
} else if (mode === 'trap') {
  for (const [name, [call, inner]] of Object.entries(calls)) {
    const before = instances;
    trapping.add(inner);
    try {
      wrong.push(`${name} did not trap: ${JSON.stringify(call())}`);
    } catch (error) {
      note(name, error);
    }
    check(`${name} trapped`);
    if (instances !== before + 1) wrong.push(`${name}: ${instances - before} new instances`);
    trapping.clear();
  }
  if (!isBrowser) trapWithin();
} else {
  // A payment that cannot be derived, once the money has moved.
  const sandbox = await createSandbox();
  const aps = new library.PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const order = { merchant_reference: 'late-1', amount: '1000', currency: 'AED', customer_email: 'a@b.co' };
  const card = { card_number: '4111111111111111', expiry_date: '3512', card_security_code: '123' };
  const held = await aps.authorize({ ...order, ...card, card_holder_name: 'A', return_url: 'https://a.example/' });
  trapping.add('payment');
  const reply = await aps.capture(
    { merchant_reference: 'late-1', amount: '1000', currency: 'AED' },
    { payment: held.payment },
  );
  errors.outcome = reply.outcome;
  errors.payment = reply.payment === undefined ? 'none' : 'there';
  errors.trapped = !trapping.has('payment');
  check('late');
}

process.stdout.write(JSON.stringify({ errors, wrong: wrong.slice(0, 20) }));
