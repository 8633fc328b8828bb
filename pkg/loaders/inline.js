// Which artefact an entry brings along. In this tree it is the server's; each build puts its own in place of this file
// (scripts/lib/bundle.js): `checkout.js` for pages, `chosen.js` where one build serves several runtimes.

export { load } from './server.js';
