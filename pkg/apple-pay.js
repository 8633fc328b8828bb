// `aps-payops/apple-pay` (Node): the merchant session that Apple Pay on the web asks the shop's server for.

import { request } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ConfigurationError, issue, TransportError } from './errors.js';
import { findUnknown } from './message/options.js';

export { applePayParams } from './message/apple-pay.js';

/**
 * What a request for a merchant session needs.
 * @typedef {object} ApplePaySessionOptions
 * @property {string | Buffer} certificate the merchant identity certificate, PEM
 * @property {string | Buffer} key its private key, PEM
 * @property {string} [passphrase] of the key
 * @property {string} merchantIdentifier Apple's, such as `merchant.com.example.shop`
 * @property {string} displayName the shop's name, shown to the customer; at most 64 characters
 * @property {string} domainName of the page, registered with Apple; sent as `initiativeContext`
 * @property {number} [timeout] milliseconds, 20,000 if left out
 * @property {AbortSignal} [signal] aborts the request
 * @property {import('node:https').Agent} [agent] makes the connection: for a proxy
 * @property {string | Buffer} [ca] certificates to trust instead of the system's
 */

/**
 * Hosts that Apple validates merchants at: `apple-pay-gateway.apple.com`, those of its regions and data centres
 * (`apple-pay-gateway-nc-pod1.apple.com`), and of its sandbox (`apple-pay-gateway-cert.apple.com`). (Apple Pay on the Web,
 * *Setting Up Your Server*; the official PHP SDK takes any `*.apple.com`.)
 */
const APPLE = /^(?:cn-)?apple-pay-gateway(?:-[a-z0-9]+)*\.apple\.com$/;
const LONGEST_ANSWER = 1 << 16;
const MEMBERS = [
  ...['certificate', 'key', 'passphrase', 'merchantIdentifier', 'displayName', 'domainName'],
  ...['timeout', 'signal', 'agent', 'ca'],
];

/**
 * Asks Apple for a merchant session, with the merchant identity certificate. Pass the answer to the page, which passes it
 * to `session.completeMerchantValidation(…)`. Only Apple's hosts are contacted, since the URL comes from the browser.
 * @param {string} validationURL `event.validationURL` of `onvalidatemerchant`
 * @param {ApplePaySessionOptions} options
 * @returns {Promise<Record<string, unknown>>} Apple's session, opaque; it may be used once, within five minutes
 * @throws {ConfigurationError} `invalid_options`, naming every problem: a URL that is not Apple's, a missing member
 * @throws {TransportError} when Apple does not answer with a session
 */
export async function createApplePaySession(validationURL, options) {
  const url = checkOptions(validationURL, options);
  const { certificate, key, passphrase, ca, agent, signal } = options;
  const body = JSON.stringify({
    merchantIdentifier: options.merchantIdentifier,
    displayName: options.displayName,
    initiative: 'web',
    initiativeContext: options.domainName,
  });
  const timeout = options.timeout ?? 20_000;
  const text = await post(url, body, {
    cert: certificate,
    key,
    passphrase,
    ca,
    agent: agent ?? false,
    signal,
    timeout,
  });
  try {
    const session = JSON.parse(text);
    if (typeof session === 'object' && session !== null && !Array.isArray(session)) return session;
  } catch {
    // Reported below.
  }
  throw new TransportError('unreadable', 'unknown', 'Apple answered without a session.');
}

/**
 * @param {URL} url
 * @param {string} body
 * @param {{ cert: string | Buffer, key: string | Buffer, passphrase?: string | undefined, ca?: string | Buffer | undefined,
 *   agent: import('node:https').Agent | false, signal?: AbortSignal | undefined, timeout: number }} options
 * @returns {Promise<string>}
 */
function post(url, body, { signal, timeout, ...tls }) {
  const limit = AbortSignal.timeout(timeout);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  /** @param {unknown} error */
  const failure = (error) => {
    if (signal?.aborted) return new TransportError('aborted', 'unknown', 'The request for a session was aborted.');
    if (limit.aborted) return new TransportError('timeout', 'unknown', `Apple did not answer within ${timeout} ms.`);
    if (error instanceof TransportError) return error;
    return new TransportError('network', 'unknown', 'Apple could not be reached.', { cause: error });
  };
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { ...tls, method: 'POST', headers, signal: either }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
        if (text.length > LONGEST_ANSWER) response.destroy(new Error('too long'));
      });
      response.on('error', (error) => reject(failure(error)));
      response.on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200) resolve(text);
        else {
          const message = `Apple answered with HTTP status ${statusCode}.`;
          reject(new TransportError('http_status', 'unknown', message, { status: statusCode }));
        }
      });
    });
    sent.on('error', (error) => reject(failure(error)));
    sent.end(body);
  });
}

/**
 * @param {unknown} validationURL
 * @param {ApplePaySessionOptions} options
 * @returns {URL}
 */
function checkOptions(validationURL, options) {
  const problems = findUnknown(options, MEMBERS);
  const isObject = typeof options === 'object' && options !== null;
  const given = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (isObject ? options : {}));
  for (const name of ['certificate', 'key', 'merchantIdentifier', 'displayName', 'domainName']) {
    const value = given[name];
    const isPem = name === 'certificate' || name === 'key';
    const isGiven = (typeof value === 'string' && value !== '') || (isPem && Buffer.isBuffer(value));
    if (!isGiven) problems.push(issue(name, 'missing', `${name} must be ${isPem ? 'PEM text' : 'text'}.`));
  }
  if (String(given.domainName ?? '').includes('/')) {
    problems.push(issue('domainName', 'bad_format', 'domainName must be a host name: shop.example.com.'));
  }
  const timeout = given.timeout ?? undefined;
  if (timeout !== undefined && !(Number.isSafeInteger(timeout) && Number(timeout) > 0)) {
    problems.push(issue('timeout', 'bad_format', 'timeout must be whole milliseconds above zero.'));
  }
  const url = typeof validationURL === 'string' && URL.canParse(validationURL) ? new URL(validationURL) : null;
  if (url?.protocol !== 'https:' || !APPLE.test(url.hostname) || url.username + url.password + url.port !== '') {
    problems.push(issue('validationURL', 'not_allowed', "validationURL must be https and one of Apple Pay's hosts."));
  }
  if (problems.length === 0 && !isKeyPair(options)) {
    problems.push(issue('certificate', 'bad_format', 'certificate and key must be PEM text and belong to each other.'));
  }
  if (problems.length > 0) throw new ConfigurationError('invalid_options', problems);
  return /** @type {URL} */ (url);
}

/** @param {ApplePaySessionOptions} options */
function isKeyPair({ certificate, key, passphrase, ca }) {
  try {
    createSecureContext({ cert: certificate, key, passphrase, ca });
    return true;
  } catch {
    // OpenSSL's message may quote the input.
    return false;
  }
}
