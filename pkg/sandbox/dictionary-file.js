/** The dictionary for the sandbox in the source tree. Builds require the file that the package exports. */

import { ASSETS } from '../generated/assets.js';

/** @returns {any} the generated dictionary, read at each call */
export const readDictionary = () => JSON.parse(ASSETS['dictionary.json'] ?? '');
