/** What the gateway decides: carries out requests, keeps the books, answers. No network, no clock. */

import { randomInt, randomUUID } from 'node:crypto';
import { Admission } from './authenticate.js';
import { outcomeOf } from './cards.js';
import { check } from './check.js';
import { messageOf, STATUS } from './codes.js';
import { Ledger } from './ledger.js';
import { echo } from './mask.js';
import { text } from './message.js';
import { meansOf, remember } from './payment-method.js';
import { rejection, signedReply, thirdParty } from './reply.js';
import { failed, plain } from './services/answer.js';
import { SERVICES } from './services/index.js';
import { use } from './services/otp.js';
import { toldPlan } from './services/plans.js';
import { Shelf } from './services/state.js';
import { Vault } from './stored-cards.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./check.js').Complaint} Complaint */
/** @typedef {import('./ledger.js').Order} Order */
/** @typedef {import('./faults.js').Problem} Problem */
/** @typedef {import('./authenticate.js').Admitted} Admitted */
/** @typedef {import('./reply.js').Answer} Answer */
/** @typedef {import('./stored-cards.js').Card} Card */
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
  #kept = { vault: this.#vault, shelf: this.#shelf };
  /** Payments that wait behind links. @type {Map<string, { admitted: Admitted, until: number }>} */
  #links = new Map();
  #linkUrl;
  /** @type {Map<string, Challenge>} */
  #challenges = new Map();

  /**
   * @param {object} options
   * @param {readonly import('./authenticate.js').Credentials[]} options.credentials
   * @param {string} options.merchantIdentifier
   * @param {number} options.window In milliseconds.
   * @param {(id: string) => string} options.threeDSecureUrl
   * @param {(id: string) => string} options.linkUrl
   * @param {readonly string[]} options.allow Parameters that every command takes, besides its own.
   */
  constructor({ credentials, merchantIdentifier, window, threeDSecureUrl, linkUrl, allow }) {
    this.#linkUrl = linkUrl;
    this.#admission = new Admission({ credentials, merchantIdentifier, allow });
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
   * @param {Problem} draw
   * @param {{ channel?: import('./authenticate.js').Channel, rows?: Message[] | undefined }} [how] `rows` of an uploaded file
   * @returns {Answer}
   */
  handle(message, at, draw, { channel = 'api', rows } = {}) {
    if (!message) return { reply: rejection(new Map(), { code: '00073' }) };
    const admitted = this.admit(message, channel);
    if ('code' in admitted) return { reply: rejection(message, admitted), hint: admitted.hint };
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
    const found = this.#admission.commandOf(params);
    if (found) this.#links.set(id, { admitted: { message: params, found, credentials }, until });
    return this.#linkUrl(id);
  }

  /**
   * A row of a batch file: a request that came signed with the file.
   *
   * @param {Message} row
   * @param {Admitted} batch
   * @returns {Admitted | undefined}
   */
  #row(row, { message, credentials }) {
    const request = new Map([...row].filter(([, value]) => value !== ''));
    for (const name of ['access_code', 'merchant_identifier', 'language', 'signature']) {
      request.set(name, message.get(name) ?? '');
    }
    const found = this.#admission.commandOf(request);
    return found?.command.channel.includes('api') ? { message: request, found, credentials } : undefined;
  }

  /**
   * @param {Message} message
   * @param {import('./authenticate.js').Channel} channel
   */
  admit(message, channel) {
    return this.#admission.admit(message, channel);
  }

  /**
   * Carries out what was admitted and checked, from paymentApi or a page: here commands part.
   *
   * @param {Admitted & { rows?: Message[] | undefined }} admitted
   * @param {number} at
   * @param {Problem} [draw]
   * @returns {Answer}
   */
  carryOut(admitted, at, draw) {
    const { name } = admitted.found;
    switch (name) {
      case 'AUTHORIZATION':
      case 'PURCHASE':
        return this.#pay(admitted, at, draw);
      case 'CHECK_STATUS':
        return this.#checkStatus(admitted, draw);
      default:
        return MAINTENANCE.has(name) ? this.#maintain(admitted, at, draw) : this.#serve(admitted, at, draw);
    }
  }

  /**
   * @param {Admitted & { rows?: Message[] | undefined }} admitted
   * @param {number} at
   * @param {Problem} [draw]
   * @returns {Answer}
   */
  #serve(admitted, at, draw) {
    const { name } = admitted.found;
    if (draw?.technicalProblem) {
      const done = draw.carriedOut ? this.#serve(admitted, at, { ...draw, technicalProblem: false }) : undefined;
      return { ...failed(admitted, '006'), notifications: done?.notifications ?? [] };
    }
    const service = (Object.hasOwn(SERVICES, name) && SERVICES[name]) || plain;
    return service(admitted, {
      at,
      ledger: this.#ledger,
      vault: this.#vault,
      shelf: this.#shelf,
      complaint: (row) => {
        const request = this.#row(row, admitted);
        return request ? check(request.found, request.message, 'api', at) : { code: '00004' };
      },
      carryOut: (row) => {
        const request = this.#row(row, admitted);
        if (!request) return { reply: rejection(row, { code: '00004' }) };
        const complaint = check(request.found, request.message, 'api', at);
        return complaint ? this.reject(request, complaint) : this.carryOut(request, at, draw?.row?.());
      },
      linkTo: (link, until) => this.#linkTo(link, until),
    });
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
   * @param {Problem} [draw]
   * @returns {Answer | undefined}
   */
  decide(id, passed, at, draw) {
    const challenge = this.#challenges.get(id);
    if (!challenge) return undefined;
    if (challenge.answer) return { reply: challenge.answer.reply };
    const { failed } = statusOf(challenge.found.name);
    const verdict = passed ? this.#verdict(challenge.found.name, 'success', draw) : failure(`${failed}030`);
    challenge.answer = this.#finish(challenge, challenge.order, verdict, at);
    return challenge.answer;
  }

  /**
   * @param {Admitted} admitted Whose parameters have been checked.
   * @param {number} at
   * @param {Problem} [draw]
   * @returns {Answer}
   */
  #pay(admitted, at, draw) {
    const { message, found, credentials, confirmed } = admitted;
    const command = found.name === 'PURCHASE' ? 'PURCHASE' : 'AUTHORIZATION';
    const duplicate = this.duplicate(message);
    if (duplicate) return this.reject(admitted, duplicate);
    const means = meansOf(admitted, command, this.#kept, at);
    if ('code' in means) return this.reject(admitted, means);
    const { card, option } = means;
    use(this.#shelf, message);
    const outcome = confirmed === false ? 'declined' : card ? outcomeOf(card.number) : 'success';
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
    if (outcome === 'challenge' && asksForChallenge(message)) {
      const id = randomUUID();
      this.#challenges.set(id, { message, found, credentials, order, card });
      order.challenged = true;
      return { reply: this.#reply(admitted, order, '20064', [['3ds_url', this.#threeDSecureUrl(id)]]) };
    }
    return this.#finish(admitted, order, this.#verdict(command, outcome, draw), at);
  }

  /**
   * @param {Admitted} admitted
   * @param {number} at
   * @param {Problem} [draw]
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
   * @param {Problem} [draw]
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
   * @param {Problem} [draw] Befalls only what would have gone well.
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
      admitted.message = remember(message, this.#kept, at);
    }
    const reply = this.#reply(admitted, order, shown);
    const notification = final === shown ? reply : this.#reply(admitted, order, final);
    if (pays) order.told = notification;
    return this.#tell(reply, notification);
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
        for (const [name, value] of Object.entries(toldPlan(message))) reply.set(name, value);
        if (order.authorization_code !== undefined) {
          for (const name of TOLD_BY[order.payment_option ?? ''] ?? []) reply.set(name, order.fort_id.slice(-10));
        }
        const card = text(message, 'card_number') === undefined && this.#vault.get(text(message, 'token_name'));
        if (card && card.wallet === undefined) {
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

/**
 * The numbers under which others know a payment that they carried out.
 *
 * @type {Record<string, readonly string[]>}
 */
const TOLD_BY = {
  KNET: ['knet_ref_number', 'third_party_transaction_number'],
  VALU: ['loan_number', 'valu_transaction_id'],
};

/** What is done with a payment that is there. */
const MAINTENANCE = new Set(['CAPTURE', 'REFUND', 'VOID_AUTHORIZATION']);

/** What a payment behind a link takes of the request for the link. */
const LINKED = new Set([
  ...['access_code', 'merchant_identifier', 'signature', 'merchant_reference', 'language', 'amount', 'currency'],
  ...['customer_email', 'customer_name', 'order_description', 'payment_option', 'return_url'],
]);

/**
 * Whether the customer is there, and nobody has asked them yet: neither is it waived, nor has the merchant done it with
 * 3DS_AUTHENTICATION or a server of its own (DOC bypass page).
 *
 * @param {Message} message
 */
function asksForChallenge(message) {
  const isDone = text(message, 'ver_token') !== undefined || message.get('3ds_status') === 'Y';
  return (text(message, 'eci') ?? 'ECOMMERCE') === 'ECOMMERCE' && message.get('check_3ds') !== 'NO' && !isDone;
}

/**
 * @param {string} shown
 * @param {string} [final]
 * @returns {Verdict}
 */
const failure = (shown, final = shown) => ({ shown, final, carriedOut: false });

/** @param {string} command */
const statusOf = (command) => STATUS[command] ?? { done: '00', failed: '00' };
