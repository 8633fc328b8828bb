// Every page and state of a life of a payment, in Arabic, narrow: see axe.js. Each language, width and colour scheme comes at least
// twice in all files, in all pairs; a file each, so that none takes long.
import { testStates } from './axe.js';
import { visit } from './states.js';

testStates(visit, 39, [['ar', 360, 'dark']]);
