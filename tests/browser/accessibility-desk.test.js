// The desk with many payments and in its errors: see axe.js.
import { testStates } from './axe.js';
import { visitDesk } from './desk-states.js';

testStates(visitDesk, 10, [
  ['en', 320, 'dark'],
  ['ar', 1440, 'light'],
]);
