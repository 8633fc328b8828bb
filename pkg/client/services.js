// The client's groups of methods, made from the table that is generated from the dictionary (`method` and `form` there).

import { FORMS, METHODS } from '../generated/methods.js';

/** @typedef {import('../generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('../generated/commands.js').CommandName} CommandName */

/**
 * @template {CommandName} C
 * @typedef {(params: CommandParams[C], options?: import('./index.js').SendOptions) => Promise<import('../message/reply.js').Reply>
 * } Method sends the command as `send` does, and throws what it throws
 */

/**
 * @template {CommandName} C
 * @typedef {(params: CommandParams[C], options?: import('../message/request.js').RequestOptions) => import('../message/request.js').ApsForm
 * } FormMethod builds a form as `buildForm` does, and throws what it throws; nothing is sent
 */

/**
 * A group of methods that send commands.
 * @template {Readonly<Record<string, CommandName>>} T
 * @typedef {{ readonly [M in keyof T]: Method<T[M]> }} Methods
 */

/**
 * A group of methods that build forms.
 * @template {Readonly<Record<string, CommandName>>} T
 * @typedef {{ readonly [M in keyof T]: FormMethod<T[M]> }} FormMethods
 */

/** @typedef {{ readonly [G in keyof typeof METHODS as Exclude<G, keyof typeof FORMS>]: Methods<(typeof METHODS)[G]> }} SentGroups */
/** @typedef {{ readonly [G in keyof typeof FORMS as Exclude<G, keyof typeof METHODS>]: FormMethods<(typeof FORMS)[G]> }} FormGroups */
/**
 * @typedef {{
 *   readonly [G in keyof typeof METHODS as Extract<G, keyof typeof FORMS>]: Methods<(typeof METHODS)[G]> & FormMethods<(typeof FORMS)[Extract<G, keyof typeof FORMS>]>
 * }} MixedGroups
 */
/** @typedef {SentGroups & FormGroups & MixedGroups} Groups */

/** @typedef {(command: any, params: any, options?: any) => any} CarryOut */

/**
 * A class with a method for every command except those with files, in groups.
 * @type {new (send: CarryOut, form: CarryOut) => Groups}
 */
export const Services = /** @type {any} */ (
  class {
    /**
     * @param {CarryOut} send
     * @param {CarryOut} form
     */
    constructor(send, form) {
      /** @type {Record<string, Record<string, CommandName>>} */
      const methods = METHODS;
      /** @type {Record<string, Record<string, CommandName>>} */
      const forms = FORMS;
      for (const group of new Set([...Object.keys(forms), ...Object.keys(methods)])) {
        Object.assign(this, { [group]: { ...bind(form, forms[group]), ...bind(send, methods[group]) } });
      }
    }
  }
);

/**
 * The methods that a table names.
 * @template {Readonly<Record<string, CommandName>>} T
 * @param {CarryOut} carryOut
 * @param {T} [table]
 * @returns {Methods<T>}
 */
export function bind(carryOut, table = /** @type {T} */ ({})) {
  const methods = Object.entries(table).map(([name, command]) => [
    name,
    (/** @type {any} */ params, /** @type {any} */ options) => carryOut(command, params, options),
  ]);
  return /** @type {any} */ (Object.fromEntries(methods));
}
