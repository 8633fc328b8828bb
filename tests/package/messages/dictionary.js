// The dictionary as data, and requests made of its examples. The rules are read here a second time, apart from Rust.

import { createRequire } from 'node:module';

export const dictionary = createRequire(import.meta.url)('aps-payops/dictionary.json');

/** Every command with its name. */
export const commands = Object.entries(dictionary.commands).map(([name, command]) => ({ name, ...command }));

export const SUPPLIED = ['access_code', 'merchant_identifier', 'language', 'signature'];

/** What the dictionary says of a parameter of a command. */
export function described(command, name) {
  return dictionary.parameters[command.variants[name] ?? name];
}

export const namesOf = (command, ...presences) =>
  Object.keys(command.parameters).filter((name) => presences.includes(command.parameters[name]));

/** The value that the documentation shows: the command's own example before the parameter's. */
export const exampleOf = (command, name) => structuredClone(command.example[name] ?? described(command, name).example);

const isGiven = (params, name) => params[name] !== undefined && params[name] !== '';

/** Whether a rule speaks of these parameters at all. */
export function applies({ when, unless = when?.unless }, params) {
  if (unless?.is.includes(params[unless.parameter])) return false;
  if (!when) return true;
  if (when.and && !when.and.is.includes(params[when.and.parameter])) return false;
  return isGiven(params, when.parameter) && (!when.is || when.is.includes(params[when.parameter]));
}

/** What a rule finds wrong: the parameters at fault and the code. */
export function broken(rule, params) {
  if (!applies(rule, params)) return [];
  const { oneOf, needs, refuses, only } = rule;
  const fault = (code) => (parameter) => ({ parameter, code });
  if (oneOf) return oneOf.some((name) => isGiven(params, name)) ? [] : [fault('missing')(oneOf[0])];
  if (needs) return needs.filter((name) => !isGiven(params, name)).map(fault('missing'));
  if (refuses) return refuses.filter((name) => isGiven(params, name)).map(fault('not_allowed'));
  const wrong = isGiven(params, only.parameter) && !only.values.includes(params[only.parameter]);
  return wrong ? [fault('not_allowed')(only.parameter)] : [];
}

export const rulesOf = (command) => [
  ...command.rules.map((rule) => ({ rule, severity: 'error' })),
  ...command.advice.map((rule) => ({ rule, severity: 'warning' })),
];

/** The values of a choice that the command takes. */
export const choicesOf = (command, name) =>
  (described(command, name).values ?? [])
    .filter((choice) => !(choice.purchase_only && command.name === 'AUTHORIZATION'))
    .map(({ value }) => value);

/**
 * Completes parameters until every rule is held, without touching those that are fixed; null if that cannot be.
 * `rules`: only these; all if left out.
 */
export function complete(command, start, fixed, rules = rulesOf(command).map(({ rule }) => rule)) {
  const params = { ...start };
  for (let turn = 0; turn < 40; turn++) {
    const rule = rules.find((one) => broken(one, params).length > 0);
    if (!rule) return params;
    const [{ parameter }] = broken(rule, params);
    const trigger = rule.when?.parameter;
    if (rule.needs || rule.oneOf) {
      if (fixed.includes(parameter)) return null;
      params[parameter] = exampleOf(command, parameter);
    } else if (!fixed.includes(parameter) && command.parameters[parameter] === 'required') {
      if (!rule.only) return null;
      [params[parameter]] = rule.only.values;
    } else if (!fixed.includes(parameter) && rule.only && parameter !== trigger) {
      [params[parameter]] = rule.only.values;
    } else if (!fixed.includes(parameter)) {
      delete params[parameter];
    } else if (trigger !== undefined && !fixed.includes(trigger) && command.parameters[trigger] !== 'required') {
      delete params[trigger];
    } else {
      return null;
    }
  }
  return null;
}

/** A valid request of the examples: what is required, and what the command's example adds. */
export function base(command, { page = false } = {}) {
  const names = new Set([...namesOf(command, 'required'), ...Object.keys(command.example)]);
  if (page) for (const name of command.notOnPage) names.delete(name);
  if (page && command.parameters.return_url) names.add('return_url');
  const start = Object.fromEntries([...names].map((name) => [name, exampleOf(command, name)]));
  const params = complete(command, start, []);
  if (!params) throw new Error(`${command.name}: no example request holds all rules`);
  return params;
}

/** A valid request with this parameter as well, of the given value; null if no rule-abiding one is found. */
export const including = (command, name, value = exampleOf(command, name)) =>
  complete(command, { ...base(command), [name]: value }, [name]);
