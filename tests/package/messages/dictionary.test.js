// Every limit and rule of every command of the dictionary, broken one at a time and held. A new command is covered by
// being in the dictionary.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, buildForm, buildRequest, validate } from 'aps-payops/server';
import { account as plain } from '../../account.js';
import {
  applies,
  base,
  broken,
  choicesOf,
  commands,
  complete,
  described,
  exampleOf,
  including,
  namesOf,
  rulesOf,
  SUPPLIED,
} from './dictionary.js';

const account = { ...plain, digest: 'SHA-256', language: 'en' };

const summary = (issues) => issues.map(({ parameter, code, severity }) => `${parameter} ${code} ${severity}`);

/** Fails unless the issue is among those found; gives it. */
function expectIssue(issues, parameter, code, severity, what = '') {
  const found = issues.find(
    (issue) => issue.parameter === parameter && issue.code === code && issue.severity === severity,
  );
  assert.ok(
    found,
    `${what || 'expected'} ${parameter} ${code} ${severity}; found: ${summary(issues).join(', ') || 'none'}`,
  );
  assert.ok(found.message.length > 0 && found.source.length > 0);
  return found;
}

/** Kinds with a format of their own, for which errors in length and characters have another code. */
const isFreeOf = (kind) => !['amount', 'choice', 'currency', 'object'].includes(kind);
/** In these another character is an error; in free text, addresses and encoded bytes only a warning. */
const WARNED = new Set(['text', 'url', 'opaque', 'encoded', 'email']);
const severityOf = (kind) => (WARNED.has(kind) ? 'warning' : 'error');

const LETTERS = { alpha: /[\p{L}\p{M}]/u, alnum: /[\p{L}\p{M}0-9]/u, numeric: /[0-9]/, any: /[^\p{Cc}]/u };
/** Of each sort that a list may leave out: control, space, letters of three scripts, digits of two, every ASCII sign. */
const SAMPLES = [
  '\u0007',
  '\n',
  'a',
  'Z',
  'é',
  'ع',
  '字',
  '5',
  '٥',
  '😀',
  '\u00a0',
  ...' !"#$%&\'()*+,-./:;<>?@[\\]^_`{|}~',
];

const takes = ({ characters, special = '' }, character) =>
  LETTERS[characters].test(character) || special.includes(character);

/** A text of this many characters that the list takes, and that breaks no other rule than that of length. */
function filled(own, length) {
  const fill = [...'1a'].find((character) => takes(own, character));
  const text = String(own.example);
  return own.kind === 'email' || own.kind === 'url' ? text.padEnd(length, fill).slice(0, length) : fill.repeat(length);
}

/** The parameters of a command that may be given. */
const settable = (command) => namesOf(command, 'required', 'optional');

/** A valid request with the parameter; where the rules leave none (a value that only warns), the nearest to it. */
const requestWith = (command, name) =>
  including(command, name) ?? { ...base(command), [name]: exampleOf(command, name) };

for (const command of commands) {
  test(`${command.name}: examples are valid, one parameter at a time`, () => {
    assert.deepEqual(validate(command.name, base(command)), []);
    for (const name of namesOf(command, 'optional')) {
      const params = including(command, name);
      if (params) assert.deepEqual(validate(command.name, params), [], name);
      // Not even an example is without advice where advice is against any value that it could have.
      else
        assert.ok(
          rulesOf(command).some(
            ({ rule }) => rule.only?.parameter === name || (!rule.when && rule.refuses?.includes(name)),
          ),
          `${name} has no valid request`,
        );
    }
  });

  test(`${command.name}: what is required, refused, supplied or unknown`, () => {
    const params = base(command);
    for (const name of namesOf(command, 'required')) {
      for (const empty of [undefined, null, '']) {
        expectIssue(validate(command.name, { ...params, [name]: empty }), name, 'missing', 'error');
      }
    }
    assert.deepEqual(
      validate(command.name, {})
        .filter(({ code, severity }) => code === 'missing' && severity === 'error')
        .map(({ parameter }) => parameter),
      [
        ...new Set([
          ...namesOf(command, 'required'),
          ...command.rules.flatMap((rule) => broken(rule, {})).map(({ parameter }) => parameter),
        ]),
      ].sort(),
      'every parameter that is missing, and nothing that the account supplies',
    );
    for (const name of namesOf(command, 'refused')) {
      expectIssue(
        validate(command.name, { ...params, [name]: exampleOf(command, name) }),
        name,
        'not_allowed',
        'error',
      );
    }
    assert.deepEqual(namesOf(command, 'supplied').sort(), [...SUPPLIED].sort());
    expectIssue(validate(command.name, { ...params, no_such_parameter: 'x' }), 'no_such_parameter', 'unknown', 'error');
    assert.deepEqual(
      validate(command.name, { ...params, no_such_parameter: 'x' }, { allow: ['no_such_parameter'] }),
      [],
    );
    const other = commands.find(({ name }) => name !== command.name).name;
    assert.deepEqual(validate(command.name, { ...params, [command.selector]: command.name }), []);
    expectIssue(
      validate(command.name, { ...params, [command.selector]: other }),
      command.selector,
      'conflict',
      'error',
    );
  });

  if (!command.channel.includes('upload')) {
    test(`${command.name}: what differs from the account is a conflict`, () => {
      const page = !command.channel.some((channel) => ['api', 'batch', 'reporting'].includes(channel));
      const build = page ? buildForm : buildRequest;
      const params = base(command, { page });
      const { signature, ...sent } = page
        ? build(command.name, params, account).fields
        : build(command.name, params, account).params;
      assert.match(signature, /^[0-9a-f]{64}$/);
      const same = {
        access_code: account.access_code,
        merchant_identifier: account.merchant_identifier,
        language: 'en',
      };
      assert.deepEqual(sent, { [command.selector]: command.name, ...same, ...params });
      build(command.name, { ...params, ...same, signature: signature.toUpperCase() }, account);
      const others = {
        access_code: 'another',
        merchant_identifier: 'another',
        language: 'fr',
        signature: 'a'.repeat(64),
      };
      for (const [name, other] of Object.entries(others)) {
        assert.throws(
          () => build(command.name, { ...params, [name]: other }, account),
          ({ issues }) => expectIssue(issues, name, 'conflict', 'error') !== undefined,
        );
      }
    });
  }

  test(`${command.name}: too long, too short`, () => {
    for (const name of settable(command)) {
      const own = described(command, name);
      const params = requestWith(command, name);
      const issues = (value) => validate(command.name, { ...params, [name]: value });
      if (own.kind === 'amount') {
        expectIssue(issues('1'.repeat(own.max + 1)), name, 'too_long', 'error');
        if (own.zero) assert.ok(!issues('0').some(({ parameter }) => parameter === name));
        else expectIssue(issues('0'), name, 'zero_amount', 'error');
        for (const value of ['1.5', '-1', 'x', '007', '٥', ' 1'])
          expectIssue(issues(value), name, 'not_an_amount', 'error');
      }
      if (!isFreeOf(own.kind)) continue;
      if (own.max !== undefined) {
        const longest = filled(own, own.max);
        assert.equal([...longest].length, own.max);
        const reported = issues(longest).filter(({ parameter }) => parameter === name);
        assert.ok(
          !reported.some(({ code }) => code === 'too_long' || code === 'too_short'),
          `${name}: ${summary(reported)}`,
        );
        const found = expectIssue(issues(`${longest}${longest.at(-1)}`), name, 'too_long', 'error');
        assert.equal(found.max, own.max, `${name} says how long it may be`);
        // Counted in characters, not in bytes.
        if (own.characters === 'any' || takes(own, 'ﷺ')) {
          const wide = own.characters === 'any' ? '😀' : 'ﷺ';
          assert.ok(
            !issues(wide.repeat(own.max)).some(({ code }) => code === 'too_long'),
            `${name} of wide characters`,
          );
          expectIssue(issues(wide.repeat(own.max + 1)), name, 'too_long', 'error');
        }
      }
      if (own.min > 1) {
        const found = expectIssue(issues(filled(own, own.min - 1)), name, 'too_short', 'error');
        assert.equal(found.min, own.min, `${name} says how short it may be`);
      }
    }
  });

  test(`${command.name}: each wrong character`, () => {
    for (const name of settable(command)) {
      const own = described(command, name);
      if (!isFreeOf(own.kind)) continue;
      const params = requestWith(command, name);
      const text = String(params[name]);
      const severity = severityOf(own.kind);
      for (const character of SAMPLES) {
        const value = [...text.slice(0, -1), character].join('');
        const issues = validate(command.name, { ...params, [name]: value }).filter(
          ({ parameter }) => parameter === name,
        );
        const what = `${name} ${JSON.stringify(character)}`;
        if (takes(own, character)) {
          assert.ok(!issues.some(({ code }) => code === 'bad_character'), `${what}: ${summary(issues)}`);
        } else {
          const found = expectIssue(issues, name, 'bad_character', severity, what);
          assert.equal(found.position, [...text].length, what);
        }
      }
    }
  });

  test(`${command.name}: each wrong format`, () => {
    const wrong = {
      email: ['nobody', '@example.com', 'nobody@', 'a@b@c', 'x@'],
      date: ['2030-02-30', '2030-13-01', '30-01-0131', '2030-1-031'],
      expiry: ['3013', '3000'],
      currency: ['XXX', 'usd', 'US', 'EURO'],
      object: ['text'],
      ip: ['unknown', '256.1.1.1', '1.2.3', '1.2.3.4.5'],
      url: ['/return', 'shop.example/return', 'https:///return'],
    };
    const codes = { currency: 'bad_currency' };
    for (const name of settable(command)) {
      const own = described(command, name);
      const params = requestWith(command, name);
      for (const value of wrong[own.kind] ?? []) {
        const issues = validate(command.name, { ...params, [name]: value });
        expectIssue(issues, name, codes[own.kind] ?? 'bad_format', 'error', `${name} ${value}`);
      }
      if (own.kind !== 'object') {
        for (const value of [{ inner: 'x' }, ['x']]) {
          expectIssue(validate(command.name, { ...params, [name]: value }), name, 'bad_format', 'error', name);
        }
      }
      if (own.kind === 'card_number') {
        const [last] = params[name].slice(-1);
        const number = `${params[name].slice(0, -1)}${(Number(last) + 1) % 10}`;
        expectIssue(validate(command.name, { ...params, [name]: number }), name, 'bad_checksum', 'error');
        expectIssue(
          validate(command.name, { ...params, [name]: params[name].slice(0, 14) }),
          name,
          'bad_format',
          'error',
        );
      }
      if (own.kind === 'expiry') {
        const at = Date.UTC(2000 + Number(params[name].slice(0, 2)), Number(params[name].slice(2)) + 1, 2);
        expectIssue(validate(command.name, params, { at }), name, 'expired', 'error');
        assert.deepEqual(validate(command.name, params, { at: at - 86_400_000 * 365 }), []);
      }
    }
  });

  test(`${command.name}: each value of a choice, and another`, () => {
    for (const name of settable(command)) {
      const own = described(command, name);
      if (own.kind !== 'choice') continue;
      for (const value of choicesOf(command, name)) {
        const params = including(command, name, value);
        const issues = validate(command.name, params ?? { ...base(command), [name]: value });
        if (params) assert.deepEqual(issues, [], `${name} ${value}`);
        else assert.ok(!issues.some(({ code }) => code === 'purchase_only'), `${name} ${value}`);
      }
      const params = requestWith(command, name);
      for (const value of ['no_such_value', params[name].toLowerCase(), `${params[name]} `]) {
        if (choicesOf(command, name).includes(value)) continue;
        const found = expectIssue(validate(command.name, { ...params, [name]: value }), name, 'not_allowed', 'error');
        assert.equal(found.allowed, own.values.map((choice) => choice.value).join(', '));
      }
      for (const { value, purchase_only } of own.values) {
        const issues = validate(command.name, { ...params, [name]: value });
        if (purchase_only && command.name === 'AUTHORIZATION') expectIssue(issues, name, 'purchase_only', 'error');
        else assert.ok(!issues.some(({ code }) => code === 'purchase_only'), `${name} ${value}`);
      }
    }
  });

  test(`${command.name}: each rule, held and broken`, () => {
    for (const { rule: own, severity } of rulesOf(command)) {
      const rule = { ...own, triggers: triggersBeside(command, own) };
      for (const value of triggersOf(command, rule)) {
        const what = `${JSON.stringify({ ...rule, source: undefined })} with ${value ?? 'nothing'}`;
        const also = rule.when?.and ? { [rule.when.and.parameter]: rule.when.and.is[0] } : {};
        const fixed = rule.when ? { [rule.when.parameter]: value, ...also } : {};
        const start = { ...base(command), ...fixed };
        // Held, with all others: nothing is said. Where others forbid it, it is at least not said of this one.
        const all = complete(command, start, Object.keys(fixed));
        const possible = value === undefined || acceptsValue(command, rule.when.parameter, value);
        if (possible && all && applies(rule, all)) assert.deepEqual(validate(command.name, all), [], what);
        const held = all && applies(rule, all) ? all : complete(command, start, Object.keys(fixed), [rule]);
        if (held) assert.ok(!findReported(validate(command.name, held), rule), `held: ${what}`);

        for (const [params, parameter, code] of violationsOf(command, rule, held ?? start)) {
          const issues = validate(command.name, params);
          const found = findReported(issues, rule, parameter);
          // A warning is not reported if an error says the same.
          const isReported = (one) => one.severity === 'error' && one.parameter === parameter && one.code === code;
          if (!found && severity === 'warning' && issues.some(isReported)) continue;
          assert.ok(found, `broken: ${what}; found: ${summary(issues)}`);
          assert.deepEqual([found.code, found.severity], [code, severity], what);
          if (severity === 'error' && command.channel.includes('api')) {
            assert.throws(() => buildRequest(command.name, params, account), { name: 'ValidationError' }, what);
          }
        }
      }
    }
  });
}

/** The values under which a rule applies; one round without any for a rule that always does. */
function triggersOf(command, { when }) {
  if (!when) return [undefined];
  return when.is ?? [exampleOf(command, when.parameter)];
}

/** The parameters any of which triggers a rule: it is listed once for each, and reported once. */
function triggersBeside(command, { source, needs }) {
  const isSame = ({ rule }) => rule.source === source && `${rule.needs}` === `${needs}`;
  return rulesOf(command)
    .filter(isSame)
    .map(({ rule }) => rule.when?.parameter);
}

/** Whether a command takes a value of a parameter at all: some are for PURCHASE alone. */
const acceptsValue = (command, name, value) =>
  described(command, name).kind !== 'choice' || choicesOf(command, name).includes(value);

/** What is said of a rule, known by its source, parameter and trigger. */
const findReported = (issues, rule, parameter = rule.only?.parameter) =>
  issues.find(
    (issue) =>
      issue.source === rule.source &&
      rule.triggers.includes(issue.with) &&
      (parameter === undefined ? namesToViolate(rule).includes(issue.parameter) : issue.parameter === parameter) &&
      issue.code === (rule.needs || rule.oneOf ? 'missing' : 'not_allowed') &&
      (rule.only === undefined || issue.allowed === rule.only.values.join(', ')),
  );

const namesToViolate = ({ oneOf, needs, refuses }) => oneOf?.slice(0, 1) ?? needs ?? refuses ?? [];

/** Every way to break a rule that is held. @returns {Generator<[object, string, string]>} */
function* violationsOf(command, rule, held) {
  const { oneOf, needs, refuses, only } = rule;
  const without = (names) => Object.fromEntries(Object.entries(held).filter(([name]) => !names.includes(name)));
  if (oneOf) yield [without(oneOf), oneOf[0], 'missing'];
  for (const name of needs ?? []) {
    // What triggers a rule is not missing.
    if (name !== rule.when?.parameter) yield [without([name]), name, 'missing'];
  }
  for (const name of refuses ?? []) yield [{ ...held, [name]: exampleOf(command, name) }, name, 'not_allowed'];
  if (!only) return;
  const possible = choicesOf(command, only.parameter);
  const others = (possible.length > 0 ? possible : ['AED', 'USD', 'JPY']).filter(
    (value) => !only.values.includes(value),
  );
  for (const value of others) {
    const params = { ...held, [only.parameter]: value };
    // A rule about its own trigger is broken by the trigger's values alone.
    if (applies(rule, params)) yield [params, only.parameter, 'not_allowed'];
  }
}

test('an Amount gives both parts of an amount of money, a number is refused', () => {
  for (const command of commands) {
    for (const name of settable(command).filter((own) => described(command, own).kind === 'amount')) {
      const params = requestWith(command, name);
      expectIssue(validate(command.name, { ...params, [name]: 100 }), name, 'not_an_amount', 'error');
      // That a void has an amount is only unusual.
      const errors = (own) => validate(command.name, own).filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors({ ...params, [name]: 100n }), []);
      if (name !== 'amount' || !command.parameters.currency) continue;
      const { currency, ...rest } = params;
      assert.deepEqual(errors({ ...rest, amount: Amount.fromMinor('1000', currency ?? 'AED') }), []);
    }
  }
});

test('an unknown command is one', () => {
  expectIssue(validate('NO_SUCH_COMMAND', {}), 'command', 'unknown_command', 'error');
});

test('replies have what the tables of the documentation list', () => {
  for (const [name, fields] of Object.entries({
    AUTHORIZATION: ['fort_id', 'authorization_code', 'payment_link_id', 'sdk_token', '3ds_url', 'fraud_comment'],
    PURCHASE: ['payment_link_id', 'sdk_token', 'number_of_installments', 'knet_ref_number'],
    CAPTURE: ['fort_id', 'acquirer_response_code', 'acquirer_response_message'],
    CHECK_STATUS: ['authorization_code', 'authorized_amount', 'captured_amount', 'refunded_amount', 'transaction_code'],
    TOKENIZATION: ['card_bin', 'issuer_code', 'plan_code', 'number_of_installments', 'token_name'],
    UPDATE_TOKEN: ['card_bin', 'card_brand', 'creation_date', 'token_status'],
  })) {
    const { reply } = commands.find((command) => command.name === name);
    assert.deepEqual(
      fields.filter((field) => !reply.includes(field)),
      [],
      name,
    );
  }
});
