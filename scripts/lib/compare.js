// Random requests and replies, made of the dictionary, and what two builds of the package make of each.

/** @typedef {Record<string, any>} Library what `aps-payops/server` exports */
/** @typedef {{ call: 'validate' | 'request' | 'form' | 'sign' | 'reply' | 'notification', given: any }} Example */
/** @typedef {Example & { before: string, now: string }} Difference */

const account = {
  environment: /** @type {const} */ ('sandbox'),
  merchant_identifier: 'CycHZxVj',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  sha_request_phrase: 'compare-request-phrase',
  sha_response_phrase: 'compare-response-phrase',
};
const response = { phrase: account.sha_response_phrase, digest: /** @type {const} */ ('SHA-256') };

/** The same numbers for the same seed (mulberry32). @param {number} seed */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Values that go wrong in one way or another. */
const ODD = [
  ...[
    '',
    ' ',
    'a=b',
    'status=14',
    'x response_code=14000',
    'é',
    'عربي',
    '漢字',
    '😀',
    '\t',
    '\n',
    'a\rb',
    '"',
    '\\',
    '\0',
    '\x01',
  ],
  ...[
    '0',
    '00',
    '01',
    '1',
    '-1',
    '1.5',
    '9999999999',
    '10000000000',
    'AED',
    'KWD',
    'aed',
    'XXX',
    'VISA',
    'MADA',
    'KNET',
  ],
  ...[
    'a@b',
    '@',
    'YES',
    'NO',
    'RECURRING',
    'MOTO',
    '2030-02-30',
    '2030-12-20T15:36:55+03:00',
    '4005550000000001',
    '2503',
  ],
  ...[
    'a'.repeat(41),
    '1'.repeat(11),
    'x'.repeat(3000),
    '\ud800',
    'https://shop.example/?a=b',
    'https://shop.example/?status=1',
  ],
];
const OBJECTS = [
  {},
  [],
  [{}],
  { a: 'b' },
  [['1']],
  { 'a=': '1' },
  { status: 'x' },
  [null],
  { a: undefined },
  { a: true },
];
const OTHERS = [0, 1, 20, 1.5, -3, 10n, true, null, undefined, Symbol.iterator, () => 1, new Date(0), Number.NaN];

/**
 * @param {any} dictionary `dictionary.json`
 * @param {number} seed
 * @param {Library} library signs replies
 * @returns {Generator<Example, never>}
 */
export function* examples(dictionary, seed, library) {
  const random = randomFrom(seed);
  /** @type {<T>(list: readonly T[]) => T} */
  const one = (list) => /** @type {any} */ (list[Math.floor(random() * list.length)]);
  const commands = Object.keys(dictionary.commands);
  const names = Object.keys(dictionary.parameters);

  /** @param {string} name */
  const valid = (name) => {
    const { example, values } = dictionary.parameters[name] ?? {};
    return values?.length && random() < 0.5 ? String(one(values)).replace('*', '') : (example ?? 'x');
  };
  const odd = () => (random() < 0.75 ? one(ODD) : random() < 0.6 ? one(OBJECTS) : one(OTHERS));
  /** @param {string} command */
  const params = (command) => {
    /** @type {Record<string, any>} */
    const made = {};
    for (const [name, presence] of Object.entries(dictionary.commands[command].parameters)) {
      if (presence === 'required' ? random() < 0.95 : presence === 'optional' && random() < 0.08)
        made[name] = valid(name);
      else if (presence !== 'required' && random() < 0.01) made[name] = valid(name);
    }
    if (random() < 0.3) made.merchant_reference ??= 'order-1';
    while (random() < 0.4) made[one(Object.keys(made).concat('order_description'))] = odd();
    if (random() < 0.1) made[one(names)] = valid(one(names));
    if (random() < 0.05)
      made[one(['new_parameter', 'a=b', 'x status', '', 'a.b', 'products[]', '__proto', 'é'])] = odd();
    if (random() < 0.05) made.command = random() < 0.5 ? command : 'CAPTURE';
    if (random() < 0.03) made.access_code = one([account.access_code, 'other']);
    return made;
  };
  const options = () => {
    /** @type {Record<string, any>} */
    const made = {};
    if (random() < 0.4) made.at = one([0, 1_764_450_000_000, 1_900_000_000_000]);
    if (random() < 0.3) made.allow = [one(['new_parameter', 'a=b', 'x status', 'card_number'])];
    if (random() < 0.3) made.accept = [one(['return_url:bad_character', 'order_description:bad_character'])];
    if (random() < 0.2) made.language = one(['en', 'ar']);
    if (random() < 0.4) made.payment = payment();
    return made;
  };
  const payment = () => {
    const authorized = Math.floor(random() * 20_000) + 1;
    const captured = random() < 0.5 ? 0 : Math.floor(random() * authorized);
    const refunded = random() < 0.5 ? 0 : Math.floor(random() * captured);
    const voided = captured === 0 && random() < 0.2;
    const state = {
      version: 1,
      command: 'AUTHORIZATION',
      currency: one(['AED', 'KWD']),
      voided,
      at: 1_764_000_000_000,
    };
    const totals = { authorized: String(authorized), captured: String(captured), refunded: String(refunded) };
    const option = random() < 0.3 ? { payment_option: one(['VISA', 'MASTERCARD']) } : {};
    return { ...state, ...totals, lapsesAt: 1_764_604_800_000, ...option };
  };
  /** @param {string} command */
  const reply = (command) => {
    const { selector, status } = dictionary.commands[command];
    const code = one([...String(status.success).split(' '), status.failure, '00', '20', '15', '44']);
    /** @type {Record<string, any>} */
    const made = {
      [selector]: command,
      access_code: account.access_code,
      merchant_identifier: account.merchant_identifier,
    };
    Object.assign(made, { language: 'en', merchant_reference: 'order-1', status: code, response_message: 'Words' });
    made.response_code = `${code}${one(['000', '000', '064', '006', '777', '666', '002'])}`;
    if (random() < 0.7) Object.assign(made, { amount: '1000', currency: 'AED' });
    if (random() < 0.5) made.fort_id = '169000000000000000';
    for (const name of dictionary.commands[command].reply ?? []) if (random() < 0.4) made[name] = valid(name);
    while (random() < 0.25)
      made[one(Object.keys(made).concat('order_description', 'agreement_id', '3ds_url'))] = one(ODD.slice(0, -4));
    if (random() < 0.05) made.nested = one([{ a: '1' }, ['1', { b: '2' }]]);
    return made;
  };
  /** @param {Record<string, any>} made */
  const message = (made) => {
    let signature = '0'.repeat(64);
    try {
      signature = library.sign(made, response);
    } catch {
      // It is what cannot be signed.
    }
    const signed =
      random() < 0.9 ? { ...made, signature: random() < 0.95 ? signature : signature.toUpperCase() } : made;
    if (random() < 0.05) signed[one(Object.keys(signed))] = one(ODD.slice(0, 20));
    const isFlat = Object.values(signed).every((value) => typeof value === 'string');
    if (isFlat && random() < 0.3) return new URLSearchParams(signed).toString();
    const text = JSON.stringify(signed);
    return random() < 0.03 ? text.slice(0, Math.floor(random() * text.length)) : text;
  };

  for (;;) {
    const command = one(commands);
    const kind = random();
    if (kind < 0.3)
      yield { call: 'validate', given: [command, params(command), random() < 0.5 ? undefined : options()] };
    else if (kind < 0.55)
      yield { call: 'request', given: [command, params(command), random() < 0.5 ? undefined : options()] };
    else if (kind < 0.65)
      yield { call: 'form', given: [command, params(command), random() < 0.5 ? undefined : options()] };
    else if (kind < 0.7) yield { call: 'sign', given: [params(command)] };
    else {
      const made = reply(command);
      const { selector } = dictionary.commands[command];
      const request = {
        [selector]: command,
        merchant_reference: 'order-1',
        merchant_identifier: account.merchant_identifier,
      };
      if (random() < 0.5) Object.assign(request, { amount: random() < 0.9 ? '1000' : '999', currency: 'AED' });
      if (kind < 0.85) yield { call: 'reply', given: [message(made), request] };
      else {
        const order = { merchant_reference: 'order-1', amount: one(['1000', 'any', '999', undefined]), command };
        const expect = Object.fromEntries(
          Object.entries(order).filter(([, value]) => value !== undefined && random() < 0.8),
        );
        yield {
          call: 'notification',
          given: [message(made), random() < 0.3 ? undefined : { merchant_reference: 'order-1', ...expect }],
        };
      }
    }
  }
}

/**
 * @param {Example} example
 * @param {Library} before
 * @param {Library} now
 * @returns {Difference | null}
 */
export function differenceOf(example, before, now) {
  const [one, other] = [judgement(example, before), judgement(example, now)];
  if (one === other) return null;
  // Only what differs, so that the like comes together.
  const [theirs, ours] = [one.split('\n'), other.split('\n')];
  const only = (/** @type {string[]} */ lines, /** @type {string[]} */ others) =>
    lines.filter((line) => !others.includes(line));
  return {
    ...example,
    before: only(theirs, ours).join(' ') || 'nothing',
    now: only(ours, theirs).join(' ') || 'nothing',
  };
}

/**
 * What a build makes of an example, in lines.
 * @param {Example} example
 * @param {Library} library
 * @returns {string}
 */
function judgement({ call, given }, library) {
  const issues = (/** @type {any[]} */ list) =>
    list.map(({ parameter, code, severity }) => `${parameter}:${code}:${severity}`);
  try {
    const [first, second, third] = given;
    if (call === 'validate') return issues(library.validate(first, second, third)).join('\n');
    if (call === 'request') return library.buildRequest(first, second, account, third).body.replaceAll(',"', '\n"');
    if (call === 'form') return Object.entries(library.buildForm(first, second, account, third).fields).join('\n');
    if (call === 'sign') return library.sign(first, response);
    const reply =
      call === 'reply'
        ? library.openReply(first, account, { request: { params: second } })
        : library.openNotification(first, account, second === undefined ? undefined : { expect: second });
    return [
      reply.outcome,
      reply.authentic,
      reply.redirectTo,
      reply.status,
      reply.code,
      JSON.stringify(reply.params),
    ].join('\n');
  } catch (error) {
    const { code, name, issues: list, parameters } = /** @type {any} */ (error);
    return [`${name} ${code}`, ...(list ? issues(list) : []), ...(parameters ?? [])].join('\n');
  }
}
