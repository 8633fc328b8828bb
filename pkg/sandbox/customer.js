/** Acts as the customer: on the hosted page, behind a payment link, and at the 3-D Secure challenge. */

import { ConfigurationError, issue } from '../errors.js';
import { testCards } from './cards.js';
import { text } from './message.js';
import { expectThat, readChecked } from './options.js';
import { isCardless } from './payment-method.js';
import { ConnectionCut } from './with-faults.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./router.js').Outgoing} Outgoing */

/**
 * @typedef {object} TypedCard
 * @property {string} number With or without spaces.
 * @property {string} [expiry] `YYMM`.
 * @property {string} [securityCode] Its security code.
 */
/**
 * What the customer does on the page.
 * @typedef {object} CustomerChoice
 * @property {string | TypedCard | Record<string, string>} [card] A number,
 *   one of `testCards`, or card parameters (`card_number`, `expiry_date`, …). By default the stored card of the form's
 *   `token_name`, otherwise one that is approved. Methods without a card need none.
 * @property {'pass' | 'fail' | 'abandon' | 'cancel'} [challenge] `pass` by default: confirms. `fail` and `abandon`
 *   trigger 3-D Secure for any card; without a card, `fail` declines and `abandon` leaves the page. `cancel` cancels on the
 *   hosted page (00072); a bank's challenge cannot be cancelled, so there it fails.
 */

/**
 * @typedef {object} FormToPost
 * @property {string} action Where it goes.
 * @property {Record<string, string> | readonly (readonly [string, string])[]} fields Its hidden fields.
 */
/**
 * @typedef {object} Redirected
 * @property {string} redirectTo Of a reply.
 */
/** @typedef {Required<Pick<import('../generated/commands.js').ReplyFields, '3ds_url'>>} Challenged by a reply */

/**
 * Where the customer goes: a built form; a reply with `redirectTo` or `3ds_url`; or an address of the sandbox.
 *
 * @typedef {string | URL | FormToPost | Redirected | Challenged} Destination
 */

const OUTCOMES = ['pass', 'fail', 'abandon', 'cancel'];

export class Customer {
  #router;
  #gateway;
  #checkout;

  /**
   * @param {object} options
   * @param {import('./router.js').Router} options.router
   * @param {import('./gateway.js').Gateway} options.gateway
   * @param {import('./checkout.js').Checkout} options.checkout
   */
  constructor({ router, gateway, checkout }) {
    this.#router = router;
    this.#gateway = gateway;
    this.#checkout = checkout;
  }

  /**
   * @param {Destination} destination
   * @param {CustomerChoice | null} [choice]
   * @returns {Promise<Record<string, string> | null>} The parameters that arrive at `return_url`; `null` when nothing does.
   * @throws {ConfigurationError} If there is nowhere to go, or the gateway refuses the card.
   */
  async complete(destination, choice) {
    const { card, challenge = 'pass' } = readChecked(choice, ['card', 'challenge'], (given, issues) => {
      const isKnown = given.challenge === undefined || OUTCOMES.includes(given.challenge);
      expectThat(issues, isKnown, 'challenge', `one of ${OUTCOMES.join(', ')}`);
      const isCard = given.card === undefined || typeof given.card === 'string' || typeof given.card === 'object';
      expectThat(issues, isCard, 'card', 'a number, one of testCards, or card parameters');
    });
    try {
      let shown = await this.#arrive(destination);
      // The page, the challenge, the way back; each at most once.
      for (let step = 0; step < 3 && !shown.returned; step += 1) {
        const next = await this.#act(shown.path, card, challenge);
        if (next === null) return null;
        shown = next;
      }
      return shown.returned ? Object.fromEntries(shown.returned) : null;
    } catch (error) {
      // A customer whose browser lost the connection does not come back.
      if (error instanceof ConnectionCut) return null;
      throw error;
    }
  }

  /**
   * @param {Destination} destination
   * @returns {Promise<{ path: string, returned?: [string, string][] | undefined }>}
   */
  async #arrive(destination) {
    const address = addressOf(destination);
    if (address !== undefined && URL.canParse(address)) return this.#follow('GET', new URL(address).pathname);
    const form =
      typeof destination === 'object' && destination !== null && 'fields' in destination ? destination : null;
    if (form && URL.canParse(form.action)) {
      const { action, fields } = form;
      const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
      return this.#follow('POST', new URL(action).pathname, new Map(pairs));
    }
    const expected = 'a built form, a reply with redirectTo, or an address of the sandbox';
    throw refuse('destination', `The destination must be ${expected}.`);
  }

  /**
   * Does what the customer does on the page.
   *
   * @param {string} path
   * @param {CustomerChoice['card']} card
   * @param {NonNullable<CustomerChoice['challenge']>} challenge
   * @returns {Promise<{ path: string, returned?: [string, string][] | undefined } | null>} `null`: leaves.
   */
  async #act(path, card, challenge) {
    const [, , route = '', id = ''] = path.split('/');
    if (route === '3ds') {
      if (challenge === 'abandon') return null;
      return this.#follow('POST', path, new Map([['result', challenge === 'pass' ? 'pass' : 'fail']]));
    }
    const page = this.#checkout.page(id);
    if (!page) throw refuse('destination', `The sandbox has no page for a customer at ${path}: give what it answered.`);
    if (challenge === 'cancel') return this.#follow('POST', path, new Map([['cancel', '1']]));
    if (isCardless(page.message)) {
      return challenge === 'abandon' ? null : this.#follow('POST', path, new Map([['result', challenge]]));
    }
    const fields = this.#cardFields(card, page.message);
    const outgoing = await this.#router.pages.submit(path, id, fields, undefined, challenge !== 'pass');
    return this.#see(path, outgoing);
  }

  /**
   * @param {CustomerChoice['card']} card
   * @param {Message} message Of the page.
   * @returns {Message}
   */
  #cardFields(card, message) {
    if (card === undefined && this.#gateway.storedCard(text(message, 'token_name'))) return new Map();
    const choice = card ?? testCards[0];
    if (typeof choice === 'object' && 'card_number' in choice) return new Map(Object.entries(choice));
    const number = typeof choice === 'string' ? choice.replace(/[\s-]/g, '') : /** @type {any} */ (choice)?.number;
    const known = testCards.find((one) => one.number === number);
    const { expiry, securityCode } = { expiry: '3012', securityCode: /^3[47]/.test(number) ? '1234' : '123', ...known };
    const own = typeof choice === 'string' ? {} : /** @type {{ expiry?: string, securityCode?: string }} */ (choice);
    const until = own.expiry ?? expiry;
    return new Map([
      ['card_number', String(number)],
      // As customers type it: the month first.
      ['expiry_date', `${until.slice(2)}/${until.slice(0, 2)}`],
      ['card_security_code', own.securityCode ?? securityCode],
    ]);
  }

  /**
   * @param {'GET' | 'POST'} method
   * @param {string} path
   * @param {Message} [fields]
   * @returns {Promise<{ path: string, returned?: [string, string][] | undefined }>}
   */
  async #follow(method, path, fields) {
    const pairs = [...(fields ?? [])].map(([name, value]) => [name, String(value)]);
    const incoming = {
      method,
      path,
      contentType: 'application/x-www-form-urlencoded',
      body: Buffer.from(new URLSearchParams(pairs).toString()),
    };
    return this.#see(path, await this.#router.respond(incoming));
  }

  /**
   * Follows redirects within the gateway.
   *
   * @param {string} path
   * @param {Outgoing} outgoing
   * @returns {Promise<{ path: string, returned?: [string, string][] | undefined }>}
   */
  async #see(path, outgoing) {
    const { status, headers, returned } = outgoing;
    if (returned) return { path, returned };
    const { location } = headers;
    if (location?.startsWith('/')) return this.#follow('GET', location);
    if (status !== 200) throw refuse('destination', `The sandbox answered ${path} with HTTP status ${status}.`);
    const problem = /<p class="detail">.*?>([^<]+)</.exec(outgoing.body)?.[1];
    if (problem !== undefined) throw refuse('card', `The gateway refuses the card: ${problem}. Give one of testCards.`);
    return { path };
  }
}

/** @param {string} parameter @param {string} message */
const refuse = (parameter, message) =>
  new ConfigurationError('invalid_options', [issue(parameter, 'not_allowed', message)]);

/** @param {Destination} destination */
function addressOf(destination) {
  if (typeof destination === 'string' || destination instanceof URL) return String(destination);
  if (typeof destination !== 'object' || destination === null) return undefined;
  const { redirectTo, '3ds_url': url } = /** @type {Record<string, unknown>} */ (destination);
  const address = redirectTo ?? url;
  return typeof address === 'string' ? address : undefined;
}
