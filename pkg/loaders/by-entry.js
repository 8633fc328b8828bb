// One build of the entries serves Node, edges and tests of pages: the entry chooses the artefact.

/** @type {(() => unknown) | undefined} */
let current;

/** @param {() => unknown} loader makes an instance, a new one each time */
export function choose(loader) {
  current = loader;
}

/** Chooses an artefact. The page's, which cannot sign, does not replace another one. @param {() => unknown} loader */
export function chooseForPage(loader) {
  current ??= loader;
}

/** A new instance. */
export const load = () => /** @type {() => unknown} */ (current)();
