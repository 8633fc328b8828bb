// A Worker that signs what it is sent.

import { Amount, sign } from 'aps-payops/server';

export default {
  /**
   * @param {Request} request
   * @param {{ APS_SHA_REQUEST_PHRASE: string }} env
   */
  async fetch(request, env) {
    const params = await request.json();
    const amount = Amount.fromMinor(params.amount, params.currency);
    const signature = sign(params, { phrase: env.APS_SHA_REQUEST_PHRASE, digest: 'SHA-256' });
    return Response.json({ amount: String(amount), signature });
  },
};
