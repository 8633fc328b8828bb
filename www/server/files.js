// Serves the assets. Their names contain a hash of the content, so browsers cache them for a year.

/** @typedef {{ type: string, body: string | Uint8Array, br?: Uint8Array, gzip?: Uint8Array }} File */

const A_YEAR = 'public, max-age=31536000, immutable';

/** @param {Record<string, File>} files by path, such as `/assets/checkout-1a2b3c4d5e.js` */
export function createFiles(files) {
  const paths = new Map(Object.keys(files).map((path) => [path.replace(/^.*\/|-[0-9a-f]{10}(?=\.)/g, ''), path]));

  return {
    /** The path of a file now. @param {string} name such as `checkout.js` */
    path: (name) => paths.get(name) ?? `/assets/${name}`,

    /**
     * @param {string} path
     * @param {string} accepted what the request's `accept-encoding` says
     * @returns {Response | null} null for what there is not
     */
    respond(path, accepted) {
      const file = Object.hasOwn(files, path) ? files[path] : undefined;
      if (!file) return null;
      const encoding = /** @type {const} */ (['br', 'gzip']).find(
        (name) => file[name] && new RegExp(`\\b${name}\\b(?!;q=0(?:\\.0*)?(?:,|$))`).test(accepted),
      );
      const headers = new Headers({ 'content-type': file.type, 'cache-control': A_YEAR, vary: 'accept-encoding' });
      if (encoding) headers.set('content-encoding', encoding);
      return new Response(/** @type {BodyInit} */ (encoding ? file[encoding] : file.body), { headers });
    },
  };
}
