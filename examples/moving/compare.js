// Prints what each of them signs.

import { accountFromEnv, sign } from 'aps-payops/server';
import * as byHand from './by-hand.js';
import * as payfortNode from './with-payfort-node.js';

const { sha_request_phrase: phrase, digest } = accountFromEnv();
const params = { command: 'CAPTURE', merchant_reference: 'order-17', amount: '4999', currency: 'AED' };

console.log(byHand.sign(params, phrase));
console.log(payfortNode.sign(params, phrase));
console.log(sign(params, { phrase, digest }));
