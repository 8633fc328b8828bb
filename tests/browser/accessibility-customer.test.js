// The customer's pages, in both languages, light and dark, narrow and wide: see axe.js.
import { testStates } from './axe.js';
import { visitCustomer } from './customer-states.js';

testStates(visitCustomer, 18, [
  ['en', 320, 'light'],
  ['ar', 1440, 'dark'],
]);
