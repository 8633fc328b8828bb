/** What the gateway decides: carries out requests, keeps the books, answers. No network, no clock. */

import { randomInt, randomUUID } from 'node:crypto';
import { Admission } from './admission.js';
import { brandOf, isExpired, outcomeOf, takesSecurityCode } from './cards.js';
import { check } from './check.js';
import { messageOf, STATUS } from './codes.js';
import { commandOf, isPurchaseOnly } from './dictionary.js';
import { Ledger } from './ledger.js';
import { echo } from './mask.js';
import { text } from './message.js';
import { rejection, signedReply, thirdParty } from './reply.js';
import { plain } from './services/answer.js';
import { SERVICES } from './services/index.js';
import { matches, use } from './services/otp.js';
import { Shelf } from './services/shelf.js';
import { Vault } from './vault.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./ledger.js').Order} Order */
/** @typedef {import('./faults.js').Draw} Draw */
/** @typedef {import('./admission.js').Admitted} Admitted */
/** @typedef {import('./reply.js').Answer} Answer */
/** @typedef {import('./vault.js').Card} Card */
/** @typedef {{ shown: string, final: string, carriedOut: boolean }} Verdict */

/**
 * A payment that waits for its customer to pass or fail the 3-D Secure challenge. There is no limit to the wait: no
 * page of APS tells one.
 *
 * @typedef {Admitted & { order: Order, card: Card | undefined, answer?: Answer }} Challenge
 */

export class Gateway {
  #admission;
  #threeDSecureUrl;
  /** @type {Ledger} */
  #ledger;
  #vault = new Vault();
  #shelf = new Shelf();
  /** Payments that wait behind links. @type {Map<string, { admitted: Admitted, until: number }>} */
  #links = new Map();
  #linkUrl;
  /** @type {Map<string, Challenge>} */
  #challenges = new Map();

  /**
   * @param {object} options
   * @param {readonly import('./admission.js').Credentials[]} options.credentials
   * @param {string} options.merchantIdentifier
   * @param {number} options.window In milliseconds.
   * @param {(id: string) => string} options.threeDSecureUrl
   * @param {(id: string) => string} options.linkUrl
   */
  constructor({ credentials, merchantIdentifier, window, threeDSecureUrl, linkUrl }) {
    this.#linkUrl = linkUrl;
    this.#admission = new Admission({ credentials, merchantIdentifier });
    this.#threeDSecureUrl = threeDSecureUrl;
    this.#ledger = new Ledger(window);
  }

  reset() {
    this.#ledger.clear();
    this.#vault.clear();
    this.#challenges.clear();
    this.#shelf.clear();
    this.#links.clear();
  }

  /** @param {number} at */
  payments(at) {
    return this.#ledger.snapshot(at);
  }

  /**
   * Answers a request to paymentApi, batchApi or upload.
   *
   * @param {Message | undefined} message `undefined` when it could not be read.
   * @param {number} at
   * @param {Draw} draw
   * @param {{ channel?: import('./admission.js').Channel, rows?: Message[] | undefined }} [how] `rows` of an uploaded file
   * @returns {Answer}
   */
  handle(message, at, draw, { channel = 'api', rows } = {}) {
    if (!message) return { reply: rejection(new Map(), { code: '00073' }) };
    const admitted = this.admit(message, channel);
    if ('code' in admitted) return { reply: rejection(message, admitted) };
    const complaint = check(admitted.found, message, 'api', at);
    return complaint ? this.reject(admitted, complaint) : this.carryOut({ ...admitted, rows }, at, draw);
  }

  /**
   * What waits behind a payment link: a request that its customer finishes.
   *
   * @param {string} id
   */
  link(id) {
    return this.#links.get(id);
  }

  /**
   * @param {Admitted} admitted A PAYMENT_LINK.
   * @param {number} until
   * @returns {string} Where its customer pays.
   */
  #linkTo({ message, credentials }, until) {
    const id = randomUUID();
    const params = new Map([...message].filter(([name]) => LINKED.has(name)));
    params.set('command', text(message, 'link_command') ?? 'PURCHASE');
    const found = commandOf(params);
    if (found) this.#links.set(id, { admitted: { message: params, found, credentials }, until });
    return this.#linkUrl(id);
  }

  /**
   * A row of a batch file: a request that came signed with the file.
   *
   * @param {Message} row
   * @param {Admitted} batch
   * @param {number} at
   */
  #row(row, { message, credentials }, at) {
    const request = new Map([...row].filter(([, value]) => value !== ''));
    for (const name of ['access_code', 'merchant_identifier', 'language', 'signature']) {
      request.set(name, message.get(name) ?? '');
    }
    const found = commandOf(request);
    if (!found?.command.channel.includes('api')) return undefined;
    return check(found, request, 'api', at) ?? this.carryOut({ message: request, found, credentials }, at);
  }

  /**
   * @param {Message} message
   * @param {import('./admission.js').Channel} channel
   */
  admit(message, channel) {
    return this.#admission.admit(message, channel);
  }

  /**
   * Carries out what was admitted and checked, from paymentApi or a page: here commands part.
   *
   * @param {Admitted & { rows?: Message[] | undefined }} admitted
   * @param {number} at
   * @param {Draw} [draw]
   * @returns {Answer}
   */
  carryOut(admitted, at, draw) {
    const { name, command } = admitted.found;
    const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
    if (service) {
      return service(admitted, {
        at,
        draw,
        ledger: this.#ledger,
        vault: this.#vault,
        shelf: this.#shelf,
        carryOut: (row) => this.#row(row, admitted, at),
        linkTo: (link, until) => this.#linkTo(link, until),
      });
    }
    if (name !== 'CHECK_STATUS' && command.effect !== 'money') return plain(admitted);
    switch (name) {
      case 'AUTHORIZATION':
      case 'PURCHASE':
        return this.#pay(admitted, at, draw);
      case 'CHECK_STATUS':
        return this.#checkStatus(admitted, draw);
      default:
        return this.#maintain(admitted, at, draw);
    }
  }

  /**
   * @param {Admitted} admitted
   * @param {Complaint} complaint
   * @returns {Answer}
   */
  reject({ message, found }, complaint) {
    const reply = rejection(message, complaint);
    // Only what was to move money is anything that anybody needs to be told about.
    return found.command.effect === 'money' ? { reply, notification: reply } : { reply };
  }

  /**
   * @param {Message} message
   * @returns {Complaint | undefined}
   */
  duplicate(message) {
    return this.#ledger.has(text(message, 'merchant_reference') ?? '') ? { code: '00066' } : undefined;
  }

  /**
   * The card behind a token.
   *
   * @param {string | undefined} token_name
   */
  storedCard(token_name) {
    return this.#vault.get(token_name);
  }

  /**
   * @param {string} id
   * @returns {Readonly<Challenge> | undefined}
   */
  challenge(id) {
    return this.#challenges.get(id);
  }

  /**
   * The customer passes or fails the 3-D Secure challenge. A second time tells the same result.
   *
   * @param {string} id
   * @param {boolean} passed
   * @param {number} at
   * @returns {Answer | undefined}
   */
  decide(id, passed, at) {
    const challenge = this.#challenges.get(id);
    if (!challenge) return undefined;
    if (challenge.answer) return { reply: challenge.answer.reply };
    const { failed } = statusOf(challenge.found.name);
    const verdict = passed ? this.#verdict(challenge.found.name, 'success') : failure(`${failed}030`);
    challenge.answer = this.#finish(challenge, challenge.order, verdict, at);
    return challenge.answer;
  }

  /**
   * @param {Admitted} admitted Whose parameters have been checked.
   * @param {number} at
   * @param {Draw} [draw]
   * @returns {Answer}
   */
  #pay(admitted, at, draw) {
    const { message, found, credentials } = admitted;
    const command = found.name === 'PURCHASE' ? 'PURCHASE' : 'AUTHORIZATION';
    const duplicate = this.duplicate(message);
    if (duplicate) return this.reject(admitted, duplicate);
    // Who was sent a password has to tell it; nobody else is asked for one.
    const isAsked = this.#shelf.otps.has(text(message, 'merchant_reference') ?? '');
    if (isAsked && text(message, 'otp') === undefined) return this.reject(admitted, { code: '00001', detail: 'otp' });
    if (isAsked && !matches(this.#shelf, message)) return this.reject(admitted, { code: '00748' });
    const card = this.#card(message);
    if (card && 'code' in card) return this.reject(admitted, card);
    if (card && isExpired(card.expiry, at)) return this.reject(admitted, { code: '00012' });
    const securityCode = text(message, 'card_security_code');
    if (card && securityCode !== undefined && !takesSecurityCode(brandOf(card.number), securityCode)) {
      return this.reject(admitted, { code: '00002', detail: 'card_security_code' });
    }
    const option = text(message, 'payment_option') ?? (card && brandOf(card.number));
    if (command === 'AUTHORIZATION' && isPurchaseOnly(option)) return this.reject(admitted, { code: '00049' });

    use(this.#shelf, message);
    const outcome = card ? outcomeOf(card.number) : 'success';
    const order = this.#ledger.open(
      {
        merchant_reference: text(message, 'merchant_reference') ?? '',
        access_code: credentials.access_code,
        command,
        currency: text(message, 'currency') ?? '',
        amount: BigInt(text(message, 'amount') ?? '0'),
        payment_option: option,
        card_outcome: outcome,
      },
      at,
    );
    const eci = text(message, 'eci') ?? 'ECOMMERCE';
    if (outcome === 'challenge' && eci === 'ECOMMERCE' && text(message, 'check_3ds') !== 'NO') {
      const id = randomUUID();
      this.#challenges.set(id, { message, found, credentials, order, card });
      return { reply: this.#reply(admitted, order, '20064', [['3ds_url', this.#threeDSecureUrl(id)]]) };
    }
    return this.#finish(admitted, order, this.#verdict(command, outcome, draw), at);
  }

  /**
   * The card that pays; none for a wallet.
   *
   * @param {Message} message
   * @returns {Card | Complaint | undefined}
   */
  #card(message) {
    const number = text(message, 'card_number');
    if (number !== undefined) {
      return { number, expiry: text(message, 'expiry_date') ?? '', holder: text(message, 'card_holder_name') };
    }
    const token = text(message, 'token_name');
    if (token !== undefined) {
      const card = this.#vault.get(token);
      return card && !card.inactive ? card : { code: '00044' };
    }
    const needsNone =
      text(message, 'digital_wallet') !== undefined || CARDLESS.has(text(message, 'payment_option') ?? '');
    return needsNone ? undefined : { code: '00001', detail: 'card_number' };
  }

  /**
   * @param {Admitted} admitted
   * @param {number} at
   * @param {Draw} [draw]
   * @returns {Answer}
   */
  #maintain(admitted, at, draw) {
    const { message, found, credentials } = admitted;
    const command = found.name;
    const order = this.#ledger.find(
      { merchant_reference: text(message, 'merchant_reference'), fort_id: text(message, 'fort_id') },
      credentials.access_code,
    );
    const { failed } = statusOf(command);
    if (!order) return this.#tell(this.#reply(admitted, undefined, `${failed}036`));
    const digits = text(message, 'amount');
    const asked = {
      amount: digits === undefined ? undefined : BigInt(digits),
      currency: text(message, 'currency'),
      maintenance_reference: text(message, 'maintenance_reference'),
    };
    const refusal = this.#ledger.refusal(order, command, asked, at);
    if (refusal !== undefined) return this.#finish(admitted, order, failure(failed + refusal), at);
    const declinedBefore = order.operations.some(
      (done) => done.response_code === '07666' && done.maintenance_reference === asked.maintenance_reference,
    );
    const declines = command === 'REFUND' && order.card_outcome === 'refund_declined' && !declinedBefore;
    return this.#finish(admitted, order, this.#verdict(command, declines ? 'declined' : 'success', draw), at);
  }

  /**
   * @param {Admitted} admitted
   * @param {Draw} [draw]
   * @returns {Answer}
   */
  #checkStatus(admitted, draw) {
    const { message, credentials } = admitted;
    if (draw?.technicalProblem) return { reply: this.#reply(admitted, undefined, '11006') };
    const maintenance_reference = text(message, 'maintenance_reference');
    const order = this.#ledger.find(
      {
        merchant_reference: text(message, 'merchant_reference'),
        fort_id: text(message, 'fort_id'),
        maintenance_reference,
      },
      credentials.access_code,
    );
    if (!order) return { reply: this.#reply(admitted, undefined, '12036') };
    const refund = order.operations.findLast((done) => done.maintenance_reference === maintenance_reference);
    const code = maintenance_reference === undefined ? order.last : (refund?.response_code ?? order.last);
    /** @type {[string, string][]} */
    const status = [
      ['transaction_status', code.slice(0, 2)],
      ['transaction_code', code],
      ['transaction_message', messageOf(code)],
      ['authorized_amount', String(order.authorized)],
      ['captured_amount', String(order.captured)],
      ['refunded_amount', String(order.refunded)],
    ];
    if (order.authorization_code !== undefined) status.push(['authorization_code', order.authorization_code]);
    if (text(message, 'return_third_party_response_codes') === 'YES') {
      const [acquirer, processor] = thirdParty(code);
      status.push(['acquirer_response_code', acquirer], ['processor_response_code', processor]);
    }
    return { reply: this.#reply(admitted, order, '12000', status) };
  }

  /**
   * @param {string} command
   * @param {string} outcome Of a card, or `success`.
   * @param {Draw} [draw] Befalls only what would have gone well.
   * @returns {Verdict}
   */
  #verdict(command, outcome, draw) {
    const { done, failed } = statusOf(command);
    /** @param {string} shown */
    const success = (shown) => ({ shown, final: `${done}000`, carriedOut: true });
    switch (outcome) {
      case 'declined':
        return failure(`${failed}666`);
      case 'insufficient_funds':
        return failure(`${failed}029`);
      case 'technical_problem':
        return failure(`${failed}006`);
      case 'uncertain':
        return success('15777');
      case 'uncertain_declined':
        return failure('15777', `${failed}666`);
      default:
    }
    if (draw?.technicalProblem) return draw.carriedOut ? success(`${failed}006`) : failure(`${failed}006`);
    if (draw?.uncertain) return draw.carriedOut ? success('15777') : failure('15777', `${failed}666`);
    return success(`${done}000`);
  }

  /**
   * Writes an operation into the books and answers it.
   *
   * @param {Admitted} admitted
   * @param {Order} order
   * @param {Verdict} verdict
   * @param {number} at
   * @returns {Answer}
   */
  #finish(admitted, order, { shown, final, carriedOut }, at) {
    const { message, found } = admitted;
    const amount = text(message, 'amount');
    this.#ledger.record(order, {
      command: found.name,
      amount: amount === undefined ? undefined : BigInt(amount),
      maintenance_reference: text(message, 'maintenance_reference'),
      response_code: final,
      carriedOut,
      at,
    });
    const pays = found.name === order.command;
    if (pays && carriedOut) {
      order.authorization_code = String(randomInt(1_000_000)).padStart(6, '0');
      this.#remember(admitted);
    }
    const reply = this.#reply(admitted, order, shown);
    return this.#tell(reply, final === shown ? reply : this.#reply(admitted, order, final));
  }

  /**
   * Keeps the card under its token, if the customer wants that; a token without a name gets one.
   *
   * @param {Admitted} admitted
   */
  #remember(admitted) {
    const number = text(admitted.message, 'card_number');
    if (number === undefined || text(admitted.message, 'remember_me') !== 'YES') return;
    const { message } = admitted;
    const card = { number, expiry: text(message, 'expiry_date') ?? '', holder: text(message, 'card_holder_name') };
    const name = this.#vault.keep(card, text(message, 'token_name'));
    admitted.message = new Map([...message, ['token_name', name]]);
  }

  /**
   * @param {Message} reply
   * @param {Message} [notification]
   * @returns {Answer}
   */
  #tell(reply, notification = reply) {
    return { reply, notification };
  }

  /**
   * A signed reply: the request's parameters, then what the gateway adds.
   *
   * @param {Admitted} admitted
   * @param {Order | undefined} order
   * @param {string} code
   * @param {[string, string][]} [more]
   * @returns {Message}
   */
  #reply({ message, found, credentials }, order, code, more = []) {
    const reply = echo(message);
    if (order) {
      reply.set('merchant_reference', order.merchant_reference);
      reply.set('fort_id', order.fort_id);
      if (found.name === order.command) {
        if (!reply.has('eci')) reply.set('eci', 'ECOMMERCE');
        if (order.payment_option !== undefined) reply.set('payment_option', order.payment_option);
        if (order.authorization_code !== undefined) reply.set('authorization_code', order.authorization_code);
        const card = text(message, 'card_number') === undefined && this.#vault.get(text(message, 'token_name'));
        if (card) {
          for (const [name, value] of echo(new Map([['card_number', card.number]]))) reply.set(name, value);
          reply.set('expiry_date', card.expiry);
          if (card.holder !== undefined) reply.set('card_holder_name', card.holder);
        }
      }
    }
    for (const [name, value] of more) reply.set(name, value);
    return signedReply(reply, code, credentials);
  }
}

/** Ways to pay without a card. */
const CARDLESS = new Set(['BENEFIT', 'KNET', 'NAPS', 'OMANNET', 'SADAD', 'TABBY', 'TAMARA', 'VALU']);

/** What a payment behind a link takes of the request for the link. */
const LINKED = new Set([
  ...['access_code', 'merchant_identifier', 'signature', 'merchant_reference', 'language', 'amount', 'currency'],
  ...['customer_email', 'customer_name', 'order_description', 'payment_option', 'return_url'],
]);

/**
 * @param {string} shown
 * @param {string} [final]
 * @returns {Verdict}
 */
const failure = (shown, final = shown) => ({ shown, final, carriedOut: false });

/** @param {string} command */
const statusOf = (command) => STATUS[command] ?? { done: '00', failed: '00' };
