// What the consumers sign, and the signature as node:crypto makes it.

import { createHash } from 'node:crypto';
import { phrases } from '../secrets.js';

export const phrase = phrases.request;

export const params = {
  command: 'CAPTURE',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  merchant_identifier: 'CycHZxVj',
  merchant_reference: 'order-17',
  amount: '4999',
  currency: 'AED',
  language: 'en',
};

const text = Object.entries(params)
  .map(([name, value]) => `${name}=${value}`)
  .sort()
  .join('');

export const signature = createHash('sha256').update(`${phrase}${text}${phrase}`).digest('hex');
