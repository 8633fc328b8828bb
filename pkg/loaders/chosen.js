// One build of the entries serves Node, edges and tests of pages: the entry chooses the artefact.

/** @type {(() => unknown) | undefined} */
let chosen;

/** @param {() => unknown} loader makes an instance, a new one each time */
export function choose(loader) {
  chosen = loader;
}

/** The page's artefact, which signs nothing, is no choice where there is another. @param {() => unknown} loader */
export function chooseForPage(loader) {
  chosen ??= loader;
}

/** A new instance. */
export const load = () => /** @type {() => unknown} */ (chosen)();
