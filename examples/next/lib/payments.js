import { accountFromEnv, PaymentServices } from 'aps-payops/server';

// At the first request, and not at import: `next build` has no secrets.
let made;

export function payments() {
  made ??= { account: accountFromEnv(), aps: PaymentServices.fromEnv() };
  return made;
}
