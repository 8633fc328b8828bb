// What hardly anyone comes by, in both languages, light and dark, narrow and wide: see axe.js.
import { testStates } from './axe.js';
import { visitRare } from './rare-states.js';

testStates(visitRare, 47, [
  ['en', 320, 'dark'],
  ['ar', 1440, 'light'],
]);
