// A serverless function that signs what it is sent.

import { Amount, sign } from 'aps-payops/server';

/** @param {Request} request */
export async function handler(request) {
  const params = await request.json();
  const amount = Amount.fromMinor(params.amount, params.currency);
  const signature = sign(params, { phrase: process.env.APS_SHA_REQUEST_PHRASE ?? '', digest: 'SHA-256' });
  return Response.json({ amount: String(amount), signature });
}
