// TypeScript: what users write has types, and what they must not write is an error.

import { Amount, type Issue, type OperationParams, Payment, validate } from 'aps-payops';
import {
  buildRequest,
  createNotificationHandler,
  type NotificationParams,
  openNotification,
  PaymentServices,
  type Reply,
  type ReplyParams,
  sign,
  verify,
} from 'aps-payops/server';

const amount: Amount = Amount.parse('49.99', 'AED');
export const minor: bigint = amount.minor;
// @ts-expect-error: an amount is text; a number may have been rounded
Amount.parse(49.99, 'AED');

const issues: Issue[] = validate('CAPTURE', { merchant_reference: 'order-17', amount });
export const severities: ('error' | 'warning')[] = issues.map((issue) => issue.severity);

const payment = Payment.authorized(amount, { at: new Date() });
export const next: Payment = payment.after('CAPTURE', amount);
export const commands: readonly string[] = payment.at(0).commands;

const phrase = 'none';
export const signature: string = sign({ command: 'CAPTURE' }, { phrase, digest: 'SHA-256' });
export const authentic: boolean = verify('{}', { phrase: [phrase], digest: 'HMAC-512' });
// @ts-expect-error: no such digest
sign({}, { phrase, digest: 'MD5' });

const account = {
  environment: 'sandbox' as const,
  merchant_identifier: 'CycHZxVj',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  sha_request_phrase: phrase,
  sha_response_phrase: [phrase],
  digest: 'SHA-256' as const,
  language: 'en' as const,
};

export function send(): Promise<Response> {
  const request = buildRequest('CAPTURE', { merchant_reference: 'order-17', amount }, account);
  return fetch(request.url, request);
}

export async function capture(): Promise<string> {
  const aps = new PaymentServices(account, { fetch, timeout: 1000 });
  const reply: Reply = await aps.capture({ merchant_reference: 'order-17', amount }, { payment });
  return reply.outcome;
}

const orders = new Map<string, { amount: Amount }>();
export const handler = createNotificationHandler({
  account,
  order: ({ merchant_reference }) => orders.get(merchant_reference) ?? null,
  on: { succeeded: ({ params }) => orders.delete(params.merchant_reference) },
});
export function opened(message: string): string {
  const expect = ({ merchant_reference }: NotificationParams) => orders.get(merchant_reference);
  const { params } = openNotification(message, account, { expect });
  if (params.command === 'PURCHASE') return params.token_name ?? params.merchant_reference;
  return params.merchant_reference;
}

export async function services(aps: PaymentServices): Promise<Reply> {
  // @ts-expect-error: CAPTURE has no such parameter
  await aps.send('CAPTURE', { merchant_reference: 'order-17', amount, token_name: 'x' });
  // @ts-expect-error: the same, built
  buildRequest('CAPTURE', { merchant_reference: 'order-17', amount, token_name: 'x' }, account);
  // @ts-expect-error: no such command, and nothing that says it is newer
  await aps.send('NEW_COMMAND', {});
  // @ts-expect-error: the new parameters are required to be those of UPDATE_TOKEN
  await aps.tokens.update({ merchant_reference: 'order-17', amount });
  // @ts-expect-error: which payment?
  await aps.void({});
  // @ts-expect-error: which payment?
  await aps.refund({ amount });
  // @ts-expect-error: which payment?
  await aps.checkStatus({ language: 'ar' });
  await aps.void({ fort_id: 169996200000019178n });
  await aps.checkStatus({ maintenance_reference: 'refund-1' });
  await aps.send('NEW_COMMAND', { some: 'value' }, { selector: 'service_command' });
  await aps.send('CAPTURE', { merchant_reference: 'order-17', amount, newer: 'x' }, { allow: ['newer'] });
  return aps.installments.plans({});
}

export const operations: OperationParams[] = [
  { command: 'CAPTURE', merchant_reference: 'order-17', amount },
  { service_command: 'SDK_TOKEN', device_id: 'x' },
  // @ts-expect-error: CAPTURE has no such parameter
  { command: 'CAPTURE', merchant_reference: 'order-17', amount, token_name: 'x' },
  // @ts-expect-error: nor has SDK_TOKEN this one
  { service_command: 'SDK_TOKEN', device_id: 'x', merchant_reference: 'order-17' },
  // @ts-expect-error: no such command
  { command: 'CAPTURED', merchant_reference: 'order-17', amount },
];

export function read({ params }: Reply): string | undefined {
  const reference: string | undefined = params.merchant_reference;
  // @ts-expect-error: what a reply holds is text
  const amount: number | undefined = params.amount;
  if (params.command === 'CAPTURE') {
    const command: 'CAPTURE' = params.command;
    // @ts-expect-error: a reply may lack it
    const code: string = params.acquirer_response_code;
    return command + code + amount;
  }
  // @ts-expect-error: no such command
  if (params.command === 'CAPTURED') return undefined;
  if (params.query_command === 'CHECK_STATUS') return params.captured_amount;
  if (params.service_command === 'SDK_TOKEN') return params.sdk_token;
  // Newer than this package.
  return params.some_new_parameter ?? reference;
}

export const received: ReplyParams = { command: 'REFUND', amount: '4999', currency: 'AED', some_new_parameter: '1' };
// @ts-expect-error: amounts are digits
export const wrong: ReplyParams = { command: 'REFUND', amount: 4999 };
