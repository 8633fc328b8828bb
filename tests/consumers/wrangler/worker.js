// A Worker that signs what it is sent.

import { Amount, sign } from 'aps-payops/server';

export default {
  /** @param {Request} request @param {{ PHRASE: string }} env */
  async fetch(request, env) {
    const params = await request.json();
    const signature = sign(params, { phrase: env.PHRASE, digest: 'SHA-256' });
    return Response.json({ signature, amount: String(Amount.parse('1.750', 'IQD')) });
  },
};
