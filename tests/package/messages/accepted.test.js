// What APS is known to accept is not an error: at most a warning, if sources differ or there is only one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from 'aps-payops/server';

const order = { merchant_reference: 'order-1', amount: '10000', currency: 'AED', customer_email: 'c@example.com' };
const recurring = { ...order, eci: 'RECURRING', token_name: 'Op9Vmp', agreement_id: 'A00001' };
const link = { payment_link_id: '148708392700020346' };

/** `warnings`: the parameters that are warned of. */
const CASES = {
  'mada, recurring': ['PURCHASE', { ...recurring, currency: 'SAR', payment_option: 'MADA', recurring_mode: 'FIXED' }],
  'mada, recurring, without its mode': [
    'PURCHASE',
    { ...recurring, currency: 'SAR', payment_option: 'MADA' },
    ['recurring_mode'],
  ],
  'mada, not recurring': ['PURCHASE', { ...order, currency: 'SAR', payment_option: 'MADA' }],
  'VISA, recurring': ['PURCHASE', { ...recurring, payment_option: 'VISA' }],
  'Meeza, recurring': ['PURCHASE', { ...recurring, currency: 'EGP', payment_option: 'MEEZA' }, ['eci']],
  'Jaywan, recurring': ['PURCHASE', { ...recurring, payment_option: 'JAYWAN' }, ['eci']],
  'recurring without an agreement': ['PURCHASE', { ...recurring, agreement_id: '' }, ['agreement_id']],
  'Tabby, recurring, without description and phone': ['PURCHASE', { ...recurring, payment_option: 'TABBY' }],
  'Visa Checkout without call_id': ['PURCHASE', { ...order, digital_wallet: 'VISA_CHECKOUT' }, ['call_id']],
  'plans by the first digits': ['GET_INSTALLMENTS_PLANS', { card_bin: '400555', amount: '10000', currency: 'AED' }],
  'plans by a token': ['GET_INSTALLMENTS_PLANS', { token_name: 'Op9Vmp' }],
  'plans of valU': ['GET_INSTALLMENTS_PLANS', { merchant_reference: 'valu-1' }],
  'a void with its amount': [
    'VOID_AUTHORIZATION',
    { merchant_reference: 'order-1', amount: '10000', currency: 'AED' },
    ['amount', 'currency'],
  ],
  'a capture with extras': [
    'CAPTURE',
    { merchant_reference: 'order-1', amount: '1', currency: 'AED', merchant_extra: 'x', merchant_extra5: 'y' },
    ['merchant_extra', 'merchant_extra5'],
  ],
  'a refund with extras': [
    'REFUND',
    { merchant_reference: 'order-1', amount: '1', currency: 'AED', merchant_extra1: 'x' },
    ['merchant_extra1'],
  ],
  'a void with extras': ['VOID_AUTHORIZATION', { merchant_reference: 'o', merchant_extra2: 'x' }, ['merchant_extra2']],
  'a token with extras': ['TOKENIZATION', { merchant_reference: 'o', merchant_extra3: 'x' }, ['merchant_extra3']],
  'a link, closed by its number': ['UPDATE_PAYMENT_LINK', { ...link, payment_link_status: 'CLOSED' }],
  'a link, changed by its order': [
    'UPDATE_PAYMENT_LINK',
    { merchant_reference: 'order-1', amount: '500', currency: 'AED' },
  ],
  'how a link stands': ['CHECK_PAYMENT_LINK_STATUS', link],
  'how a link stands, by its order': ['CHECK_PAYMENT_LINK_STATUS', { merchant_reference: 'order-1' }],
  'MOTO with mada': [
    'PURCHASE',
    { ...order, currency: 'SAR', eci: 'MOTO', token_name: 't', payment_option: 'MADA' },
    ['eci', 'payment_option'],
  ],
  'a security code with a recurring payment': [
    'PURCHASE',
    { ...recurring, card_security_code: '123' },
    ['card_security_code'],
  ],
  'mada without 3-D Secure': [
    'PURCHASE',
    { ...order, currency: 'SAR', payment_option: 'MADA', check_3ds: 'NO' },
    ['check_3ds'],
  ],
  'Meeza without 3-D Secure': [
    'PURCHASE',
    { ...order, currency: 'EGP', payment_option: 'MEEZA', check_3ds: 'NO' },
    ['check_3ds'],
  ],
  'KNET in another currency': ['PURCHASE', { ...order, payment_option: 'KNET' }, ['currency']],
  'NAPS in another currency': ['PURCHASE', { ...order, payment_option: 'NAPS' }, ['currency']],
  'a call_id without its wallet': ['PURCHASE', { ...order, call_id: 'x' }, ['digital_wallet']],
  'a network token, with members that are not published': [
    'PURCHASE',
    { ...order, network_token: { token: '4000000000001234', token_cryptogram: 'AAAA' } },
  ],
  "another party's 3-D Secure, in part": [
    'PURCHASE',
    { ...order, '3ds_eci': '05', '3ds_xid': '6kQGHEiZDU0H4+mUWF7zELHAcqM=' },
    ['3ds_enrolled', '3ds_status', 'ver_token'],
  ],
  "another party's 3-D Secure, whole": [
    'AUTHORIZATION',
    {
      ...order,
      '3ds_eci': '05',
      '3ds_enrolled': 'Y',
      '3ds_status': 'Y',
      ver_token: 'gIGCg4SFhoeIiYqLjI2Oj5CRkpM=',
    },
  ],
  '3-D Secure of a token': [
    '3DS_ENROLLMENT',
    {
      merchant_reference: 'order-1',
      amount: '10000',
      currency: 'AED',
      merchant_3ds_url: 'https://shop.example/3ds',
      token_name: 'Op9Vmp',
    },
  ],
};

for (const [name, [command, params, warnings = []]] of Object.entries(CASES)) {
  test(name, () => {
    const issues = validate(command, params);
    assert.deepEqual(
      issues.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(issues.map(({ parameter }) => parameter).sort(), [...warnings].sort());
  });
}

test('a parameter that is documented as required is still missing', () => {
  for (const [command, params, parameter] of [
    ['UPDATE_PAYMENT_LINK', { payment_link_status: 'CLOSED' }, 'payment_link_id'],
    ['CHECK_PAYMENT_LINK_STATUS', {}, 'payment_link_id'],
    ['PURCHASE', { ...order, currency: 'SAR', payment_option: 'TABBY' }, 'phone_number'],
    ['PURCHASE', { ...order, eci: 'RECURRING' }, 'token_name'],
    ['3DS_ENROLLMENT', { ...order, merchant_3ds_url: 'https://shop.example/3ds' }, 'card_number'],
    ['PURCHASE', { ...order, network_token: { token_cryptogram: 'AAAA' } }, 'network_token.token'],
    ['PURCHASE', { ...order, network_token: {} }, 'network_token.token'],
  ]) {
    const issues = validate(command, params);
    assert.ok(
      issues.some((own) => own.parameter === parameter && own.code === 'missing' && own.severity === 'error'),
      `${command}: ${JSON.stringify(issues)}`,
    );
  }
});
