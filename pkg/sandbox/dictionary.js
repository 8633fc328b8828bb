/** The generated dictionary, the single definition of parameters and their rules. Only this file reads it. */

import { SELECTORS } from '../generated/parameters.js';
import { readDictionary } from './dictionary-file.js';
import { text } from './message.js';

/** @typedef {import('./message.js').Message} Message */

/**
 * @typedef {object} Parameter
 * @property {string} kind
 * @property {boolean} [zero] Of an amount: it may be zero.
 * @property {number} [min]
 * @property {number} [max]
 * @property {string} [characters]
 * @property {string} [special]
 * @property {(string | { value: string, purchase_only?: boolean })[]} [values]
 * @property {string[]} [brands] Of a card, if not all are taken.
 * @property {boolean} [closed] Whether all members of the structure are known.
 * @property {string[]} [required] Members that the structure must have, or each of the objects in a list.
 * @property {unknown} example
 */

/** @typedef {{ parameter: string, is: string[] }} Unless A parameter and its values. */

/**
 * @typedef {object} When
 * @property {string} parameter
 * @property {string[]} [is]
 * @property {Unless} [and]
 * @property {Unless} [unless]
 */

/**
 * @typedef {object} Rule
 * @property {When} [when]
 * @property {Unless} [unless]
 * @property {string[]} [oneOf]
 * @property {string[]} [needs]
 * @property {string[]} [refuses]
 * @property {{ parameter: string, values: string[] }} [only]
 */

/**
 * @typedef {object} Command
 * @property {string} selector
 * @property {string[]} channel
 * @property {'money' | 'query' | 'service'} effect
 * @property {Record<string, 'required' | 'optional' | 'supplied' | 'refused'>} parameters
 * @property {Record<string, string>} variants Names of the entries of parameters whose limits differ from the usual ones.
 * @property {string[]} waived What is `supplied`, but not required.
 * @property {Record<string, string[]>} waivedWith By parameter: what is `supplied`, but not required beside it.
 * @property {string[]} notOnPage
 * @property {string[]} unsignedReply
 * @property {{ success: string, failure: string }} status Several statuses are separated by spaces.
 * @property {string[]} reply What a reply contains besides the request.
 * @property {Rule[]} rules
 */

/** @typedef {{ parameters: Record<string, Parameter>, commands: Record<string, Command>, parts: Set<string> }} Dictionary */

/** @type {Dictionary | undefined} */
let loaded;

/** @returns {Dictionary} */
function loadDictionary() {
  if (loaded) return loaded;
  const read = readDictionary();
  const parts = Object.keys(read.parameters).flatMap((path) => [...path.matchAll(/\[\]|\./g)].map(upTo(path)));
  loaded = { ...read, parts: new Set(parts) };
  return /** @type {Dictionary} */ (loaded);
}

/** The prefix of a path: the structure, and `.` for its members or `[]` for its elements. @param {string} path */
const upTo =
  (path) =>
  (/** @type {RegExpExecArray} */ { 0: mark, index }) =>
    path.slice(0, index + mark.length);

/**
 * The command that a message names, if there is one.
 *
 * @param {Message} message
 * @returns {{ name: string, command: Command } | undefined}
 */
export function commandOf(message) {
  for (const selector of SELECTORS) {
    const name = text(message, selector);
    const { commands } = loadDictionary();
    if (name === undefined || !Object.hasOwn(commands, name)) continue;
    const command = /** @type {Command} */ (commands[name]);
    if (command.selector === selector) return { name, command };
  }
  return undefined;
}

/**
 * The statuses with which a command is answered: the first of success, and the first of failure.
 *
 * @param {string} name
 */
export function statusOf(name) {
  const { success = '00', failure = '00' } = loadDictionary().commands[name]?.status ?? {};
  return { done: success.slice(0, 2), failed: failure.slice(0, 2) };
}

/**
 * What a parameter is: `card_number`, `security_code`, `url`, …
 *
 * @param {string} name
 */
export const kindOf = (name) => findParameter(name)?.kind;

/** @param {unknown} name */
export const isCommand = (name) => typeof name === 'string' && Object.hasOwn(loadDictionary().commands, name);

/** @param {string} name */
export function findParameter(name) {
  return Object.hasOwn(loadDictionary().parameters, name) ? loadDictionary().parameters[name] : undefined;
}

/**
 * Whether a column of a batch file is a parameter of any of the commands that its rows may hold.
 *
 * @param {readonly string[]} commands
 * @param {string} column
 */
export function isColumnOf(commands, column) {
  return commands.some((name) => {
    const command = loadDictionary().commands[name];
    return command !== undefined && (column === command.selector || Object.hasOwn(command.parameters, column));
  });
}

/**
 * Whether the dictionary describes the contents of a structure: members (`.`) or elements (`[]`).
 *
 * @param {string} path
 * @param {'.' | '[]'} mark
 */
export const describes = (path, mark) => loadDictionary().parts.has(path + mark);

/**
 * The members of a structure that are text, each with its example.
 *
 * @param {string} path
 * @returns {[string, string][]}
 */
export function exampleOf(path) {
  const members = Object.entries(loadDictionary().parameters).filter(
    ([name, { kind }]) => name.startsWith(`${path}.`) && !/[.[]/.test(name.slice(path.length + 1)) && kind !== 'object',
  );
  return members.map(([name, { example }]) => [name.slice(path.length + 1), String(example)]);
}

/**
 * Whether a `payment_option` (a card's brand, too) takes PURCHASE only.
 *
 * @param {string | undefined} option
 */
export function isPurchaseOnly(option) {
  return findParameter('payment_option')?.values?.some(
    (choice) => typeof choice !== 'string' && choice.value === option && choice.purchase_only === true,
  );
}
