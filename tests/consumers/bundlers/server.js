import { sign } from 'aps-payops/server';

console.log(sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }));
