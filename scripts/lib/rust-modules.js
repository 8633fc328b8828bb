// Which module of the crate uses which, as far as paths say: `crate::a::b`, `super::b` and `use` of either.

/**
 * @param {string[]} files below src
 * @param {(path: string) => string} read
 * @returns {Map<string, Set<string>>} modules by name (`message::json`; the crate itself is ``)
 */
export function dependencies(files, read) {
  const modules = new Map(files.map((path) => [moduleOf(path), path]));
  /** @type {Map<string, Set<string>>} */
  const graph = new Map();
  for (const [name, path] of modules) {
    const uses = new Set();
    for (const target of pathsIn(withoutTestsAndComments(read(path)))) {
      const used = resolve(name, target, modules);
      // What lies below `mod.rs` is a part of it, and may use it: that circle is one of a whole and its parts.
      if (used !== undefined && used !== name && !isWithin(name, used) && !isWithin(used, name)) uses.add(used);
    }
    graph.set(name, uses);
  }
  return graph;
}

/** @param {string} path */
function moduleOf(path) {
  return path
    .replace(/^src\//, '')
    .replace(/\.rs$/, '')
    .replace(/(^|\/)(mod|lib|main)$/, '')
    .replaceAll('/', '::');
}

const isWithin = (/** @type {string} */ inner, /** @type {string} */ outer) => inner.startsWith(`${outer}::`);

/** @param {string} text */
const withoutTestsAndComments = (text) =>
  text.replace(/^#\[cfg\(test\)\]\nmod \w+ \{[\s\S]*?^\}$/gm, '').replace(/\/\/.*$/gm, '');

/**
 * Every path from the crate or from the module above, groups taken apart one level deep.
 * @param {string} text
 */
function pathsIn(text) {
  const found = [];
  for (const [, head = '', tail = '', group] of text.matchAll(
    /\b(crate|super(?:::super)*)((?:::\w+)*)(?:::\{([^;]*?)\})?/g,
  )) {
    const path = [...head.split('::'), ...tail.split('::').filter(Boolean)];
    if (group === undefined) found.push(path);
    else
      for (const member of group.split(','))
        found.push([
          ...path,
          ...member
            .trim()
            .split(/::\{?|\s/)
            .filter(Boolean),
        ]);
  }
  return found;
}

/**
 * The module that a path leads to: its longest beginning that is one.
 * @param {string} from
 * @param {string[]} path
 * @param {Map<string, string>} modules
 */
function resolve(from, path, modules) {
  let base = from.split('::').filter(Boolean);
  const rest = [...path];
  if (rest[0] === 'crate') {
    base = [];
    rest.shift();
  }
  for (; rest[0] === 'super'; rest.shift()) base = base.slice(0, -1);
  const full = [...base, ...rest];
  for (let length = full.length; length > 0; length -= 1) {
    const name = full.slice(0, length).join('::');
    if (modules.has(name)) return name;
  }
  return undefined;
}

/**
 * A shortest circle through each module that is in one, each circle once.
 * @param {Map<string, Set<string>>} graph
 */
export function circlesOf(graph) {
  /** @type {Map<string, string[]>} */
  const circles = new Map();
  for (const start of graph.keys()) {
    const circle = shortestCircle(graph, start);
    if (circle) circles.set([...new Set(circle)].sort().join(' '), circle);
  }
  return [...circles.values()];
}

/**
 * @param {Map<string, Set<string>>} graph
 * @param {string} start
 */
function shortestCircle(graph, start) {
  /** @type {Map<string, string>} */
  const cameFrom = new Map();
  const queue = [start];
  for (const name of queue) {
    for (const next of graph.get(name) ?? []) {
      if (next === start) {
        const circle = [start];
        for (let at = name; at !== start; at = cameFrom.get(at) ?? start) circle.unshift(at);
        return [start, ...circle];
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      queue.push(next);
    }
  }
  return null;
}
