// The merchant session of Apple Pay on the web: against a TLS server that demands the merchant's certificate.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:https';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { applePayParams, createApplePaySession } from 'aps-payops/apple-pay';
import { ConfigurationError, TransportError, ValidationError, validate } from 'aps-payops/server';

const pem = (name) => readFileSync(new URL(`../fixtures/apple-pay/${name}`, import.meta.url), 'utf8');
const URL_OF_APPLE = 'https://apple-pay-gateway.apple.com/paymentservices/paymentSession';
const SESSION = { epochTimestamp: 1, merchantSessionIdentifier: 'SSH1', nonce: 'n', signature: 's' };

/** What the server answers next, and what it was asked. */
let answer = () => ({ status: 200, body: JSON.stringify(SESSION) });
let requests = [];
let server;

/** Connects to our server whatever host is asked for; names and certificates are checked as always. */
class ToTestServer extends Agent {
  createConnection(options, callback) {
    const socket = connect(
      { ...options, host: '127.0.0.1', port: server.address().port, servername: options.host },
      () => callback(null, socket),
    );
    socket.on('error', callback);
  }
}

before(async () => {
  const tls = { cert: pem('server.pem'), key: pem('server.key'), ca: pem('ca.pem'), requestCert: true };
  server = createServer({ ...tls, rejectUnauthorized: true }, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ path: request.url, body: JSON.parse(body), by: request.socket.getPeerCertificate().subject.CN });
    const { status, body: text, wait } = answer();
    if (wait) return;
    response.writeHead(status).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const options = (more) => ({
  certificate: pem('merchant.pem'),
  key: pem('merchant.key'),
  ca: pem('ca.pem'),
  agent: new ToTestServer(),
  merchantIdentifier: 'merchant.com.example.shop',
  displayName: 'Example Shop',
  domainName: 'shop.example.com',
  ...more,
});

test('a session is requested with the merchant certificate', async () => {
  requests = [];
  const unset = { timeout: null, signal: null, passphrase: null };
  assert.deepEqual(await createApplePaySession(URL_OF_APPLE, options(unset)), SESSION);
  const body = {
    merchantIdentifier: 'merchant.com.example.shop',
    displayName: 'Example Shop',
    initiative: 'web',
    initiativeContext: 'shop.example.com',
  };
  assert.deepEqual(requests, [{ path: '/paymentservices/paymentSession', body, by: 'merchant.com.example.shop' }]);
});

test('a server that is not trusted gets no session request', async () => {
  requests = [];
  await assert.rejects(createApplePaySession(URL_OF_APPLE, options({ ca: pem('merchant.pem') })), TransportError);
  assert.deepEqual(requests, []);
});

test('a key that does not belong to the certificate is reported without showing it', async () => {
  for (const more of [{ certificate: pem('server.pem') }, { key: 'no key' }, { certificate: 'none' }]) {
    await assert.rejects(createApplePaySession(URL_OF_APPLE, options(more)), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.deepEqual(
        error.issues.map(({ parameter }) => parameter),
        ['certificate'],
      );
      assert.doesNotMatch(JSON.stringify(error) + error.stack, /PRIVATE KEY/);
      return true;
    });
  }
});

test('a server that demands another certificate sends no session', async () => {
  const self = readFileSync(new URL('../fixtures/apple-pay/self-signed.pem', import.meta.url), 'utf8');
  const key = readFileSync(new URL('../fixtures/apple-pay/self-signed.key', import.meta.url), 'utf8');
  await assert.rejects(createApplePaySession(URL_OF_APPLE, options({ certificate: self, key })), TransportError);
});

test('only the hosts of Apple Pay are contacted', async () => {
  requests = [];
  for (const url of [
    'https://evil.example/',
    'https://apple-pay-gateway.apple.com.evil.example/',
    'https://evil.example/?https://apple-pay-gateway.apple.com/',
    'https://user@apple-pay-gateway.apple.com/',
    'https://:phrase@apple-pay-gateway.apple.com/',
    'https://apple-pay-gateway.apple.com:8443/',
    'http://apple-pay-gateway.apple.com/',
    'https://169.254.169.254/latest',
    'https://www.apple.com/',
    'apple-pay-gateway.apple.com',
    '',
    undefined,
  ]) {
    await assert.rejects(createApplePaySession(url, options()), (error) => {
      assert.ok(error instanceof ConfigurationError, String(url));
      assert.deepEqual(
        error.issues.map(({ parameter }) => parameter),
        ['validationURL'],
      );
      return true;
    });
  }
  assert.deepEqual(requests, []);
  for (const host of ['apple-pay-gateway-nc-pod1', 'cn-apple-pay-gateway-sh-pod2', 'apple-pay-gateway-cert']) {
    // Named otherwise than the test server's certificate: the host is taken, and TLS refuses it.
    await assert.rejects(createApplePaySession(`https://${host}.apple.com/`, options()), TransportError);
  }
});

test('every problem of the options is reported at once', async () => {
  await assert.rejects(createApplePaySession(URL_OF_APPLE, { merchantID: 'x', timeout: 1.5 }), (error) => {
    const names = error.issues.map(({ parameter }) => parameter);
    assert.deepEqual(names, [
      'merchantID',
      'certificate',
      'key',
      'merchantIdentifier',
      'displayName',
      'domainName',
      'timeout',
    ]);
    return true;
  });
});

test('an answer without a session is an error', async (t) => {
  t.after(() => {
    answer = () => ({ status: 200, body: JSON.stringify(SESSION) });
  });
  for (const [given, code] of [
    [{ status: 417, body: '{}' }, 'http_status'],
    [{ status: 302, body: '' }, 'http_status'],
    [{ status: 200, body: 'no JSON' }, 'unreadable'],
    [{ status: 200, body: '[]' }, 'unreadable'],
    [{ status: 200, body: `"${'x'.repeat(100_000)}"` }, 'network'],
    [{ wait: true }, 'timeout'],
  ]) {
    answer = () => given;
    await assert.rejects(createApplePaySession(URL_OF_APPLE, options({ timeout: 300 })), (error) => {
      assert.ok(error instanceof TransportError);
      assert.equal(error.code, code);
      return true;
    });
  }
  answer = () => ({ wait: true });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(createApplePaySession(URL_OF_APPLE, options({ signal: controller.signal })), {
    code: 'aborted',
  });
});

const token = {
  paymentData: {
    version: 'EC_v1',
    data: 'YWJj',
    signature: 'MIAG',
    header: { ephemeralPublicKey: 'MFkw', publicKeyHash: 'tqYV', transactionId: '93ee' },
  },
  paymentMethod: { displayName: 'Visa 0492', network: 'Visa', type: 'debit' },
  transactionIdentifier: '93EE',
};

test('the token of the page becomes parameters that PURCHASE takes', () => {
  const params = applePayParams(token);
  assert.deepEqual(params, {
    digital_wallet: 'APPLE_PAY',
    apple_data: 'YWJj',
    apple_signature: 'MIAG',
    apple_header: { apple_transactionId: '93ee', apple_ephemeralPublicKey: 'MFkw', apple_publicKeyHash: 'tqYV' },
    apple_paymentMethod: { apple_displayName: 'Visa 0492', apple_network: 'Visa', apple_type: 'debit' },
  });
  const order = { merchant_reference: 'o-1', amount: '100', currency: 'AED', customer_email: 'a@example.com' };
  assert.deepEqual(
    validate('PURCHASE', { ...order, ...params }).filter(({ severity }) => severity === 'error'),
    [],
  );
});

test('an invalid token is rejected with the missing members', () => {
  const whole = /give event\.payment\.token/;
  for (const [given, names, cure] of [
    [undefined, 5, whole],
    [null, 5, whole],
    [{}, 5, whole],
    [{ payment: { token } }, 5, whole],
    [{ paymentData: { ...token.paymentData, header: null } }, 3, whole],
    [{ ...token, paymentMethod: { displayName: 'x', network: 'Visa' } }, 1, whole],
    [JSON.stringify(token), 5, /parse the JSON that the page sent/],
    [{ ...token, paymentData: {} }, 5, /pay on a device/],
  ]) {
    assert.throws(
      () => applePayParams(given),
      (error) => error instanceof ValidationError && error.issues.length === names && cure.test(error.message),
    );
  }
});
