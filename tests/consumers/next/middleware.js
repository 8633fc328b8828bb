import { sign } from 'aps-payops/server';
import { NextResponse } from 'next/server';

export function middleware() {
  const answer = NextResponse.next();
  answer.headers.set('x-signed', sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }));
  return answer;
}
export const config = { matcher: '/node' };
