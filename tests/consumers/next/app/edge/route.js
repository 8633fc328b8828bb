import { Amount, sign } from 'aps-payops/server';

export const runtime = 'edge';
export const dynamic = 'force-dynamic';

export const GET = () =>
  Response.json({
    amount: String(Amount.parse('1.750', 'IQD')),
    signature: sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }),
  });
