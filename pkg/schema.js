// The rules of a command as a Standard Schema (standardschema.dev, version 1), for libraries that take one.

import { ConfigurationError } from './errors.js';
import { validate } from './message/validate.js';

/** @typedef {import('./generated/commands.js').CommandName} CommandName */
/** @typedef {import('./generated/commands.js').CommandParams} CommandParams */

/**
 * The rules of a command, for Hono's validator, tRPC, react-hook-form, TanStack Form and other libraries that accept a
 * Standard Schema. A value passes unless `validate` finds errors in it; warnings are not reported. The value is not
 * changed.
 * @template {CommandName} C
 * @param {C} command APS's name, such as `'CAPTURE'`
 * @param {import('./message/validate.js').ValidateOptions} [options] as for `validate`
 * @returns {import('./standard-schema.js').ParamsSchema<CommandParams[C]>}
 * @throws {ConfigurationError} `unknown_command`
 */
export function schema(command, options) {
  if (validate(command, {}, options).some(({ code }) => code === 'unknown_command')) {
    throw new ConfigurationError('unknown_command', 'schema takes the name of a command of APS, such as CAPTURE.');
  }
  return {
    '~standard': {
      version: 1,
      vendor: 'aps-payops',
      validate(value) {
        const errors = validate(command, value, options).filter(({ severity }) => severity === 'error');
        if (errors.length === 0) return { value: /** @type {CommandParams[C]} */ (value) };
        const whole = errors.find(({ parameter }) => parameter === 'params' && !Object.hasOwn(Object(value), 'params'));
        // Of what is no object at all, nothing else is worth saying.
        if (whole) return { issues: [{ message: whole.message, path: [] }] };
        return { issues: errors.map(({ parameter, message }) => ({ message, path: readPath(parameter) })) };
      },
    },
  };
}

/** @param {string} parameter `products[0].product_name` */
const readPath = (parameter) =>
  Array.from(parameter.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([name, place]) =>
    place === undefined ? name : Number(place),
  );
