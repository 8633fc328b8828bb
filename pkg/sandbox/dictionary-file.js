/** The dictionary as the sandbox has it in a tree of sources. What is built requires the file that the package exports. */

import { ASSETS } from '../generated/assets.js';

/** @returns {any} the generated dictionary, anew at each call */
export const readDictionary = () => JSON.parse(ASSETS['dictionary.json'] ?? '');
