// A library whose declarations tsc writes: what it infers from ours has names that others can import.

import { createApplePaySession } from 'aps-payops/apple-pay';
import { journaled, openStore } from 'aps-payops/journal';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import * as server from 'aps-payops/server';

declare const account: server.Account;
declare const payment: server.Payment;
declare const reply: server.Reply;
declare const aps: server.PaymentServices;

const order = { merchant_reference: 'x', amount: '1', currency: 'AED', customer_email: 'a@example.com' };
export const schema = server.schema('CAPTURE');
export const handler = server.createNotificationHandler({ account, order: () => null, on: ({ code }) => code });
export const form = server.buildForm('PURCHASE', order, account);
export const request = server.buildRequest('PURCHASE', order, account);
export const upload = server.buildUpload({ batch_reference: 'x' }, { name: 'a.csv', content: '' }, account);
export const view = payment.at();
export const stored = payment.toJSON();
export const explanation = server.explainSignature('', { phrase: 'x', digest: 'SHA-256' });
export const { batches, installments, reports, tokens } = aps;
export const observe = (event: Parameters<NonNullable<server.ClientOptions['observe']>>[0]) => event;
export const configure = (options: Parameters<typeof server.createNotificationHandler>[0]) => options;
export const lists = [server.currencies(), server.describe('14000'), server.validate('CAPTURE', {})] as const;
export const { params } = reply;
export const results = server.readBatchResults('');
export const csv = server.writeBatch([]);
export const rows = server.reportRows;
export const notification = server.openNotification('', account, { expect: () => null });
export const attach = (element: HTMLFormElement) => server.attachCheckout(element, { currency: 'AED' });
export const sandbox = createSandbox();
export const { account: sandboxAccount } = createSandbox();
export const card = testCards[0];
export const wallet = createApplePaySession;
export const open = async () => journaled(aps, await openStore('x'));
export const history = async () => (await open()).history('x');
