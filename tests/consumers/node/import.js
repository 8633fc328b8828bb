export { Amount, validate } from 'aps-payops';
export { createSandbox } from 'aps-payops/sandbox';
export { Amount as ServerAmount, sign } from 'aps-payops/server';
