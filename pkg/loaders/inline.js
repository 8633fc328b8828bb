// The artefact of an entry. In this tree it is the server's; each build replaces this file with its own
// (scripts/lib/bundle.js): `checkout.js` for pages, `by-entry.js` where one build serves several runtimes.

export { load } from './server.js';
