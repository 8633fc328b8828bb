// Apple Pay, instalments, valU and payment links, in both languages, light and dark, narrow and wide: see axe.js.
import { testStates } from './axe.js';
import { visitWays } from './ways-states.js';

testStates(visitWays, 27, [
  ['en', 320, 'light'],
  ['ar', 1440, 'dark'],
]);
