/** Where Nest keeps the account. */
export const ACCOUNT = Symbol('account');
