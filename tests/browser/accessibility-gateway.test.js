// The sandbox's pages of the gateway and of banks: see axe.js.
import { testStates } from './axe.js';
import { visitGateway } from './gateway-states.js';

testStates(visitGateway, 7, [
  ['en', 320, 'dark'],
  ['ar', 360, 'light'],
  ['ar', 1440, 'dark'],
]);
