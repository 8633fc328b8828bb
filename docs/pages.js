// The pages of the site, in order: its sidebar, llms.txt and the tests come from this list.

import { recipes } from './recipes.js';

/** @typedef {{ title: string, file: string, about: string }} Page `file` is below docs/, or `../` of the repository */

/** @type {{ title: string, pages: Page[] }[]} */
export const sections = [
  {
    title: 'Start',
    pages: [
      {
        title: 'Getting started',
        file: 'guide/getting-started.md',
        about: 'Install, take and refund a payment, receive a notification: five minutes, offline.',
      },
      {
        title: 'Command line',
        file: 'guide/command-line.md',
        about: 'npx aps-payops: sandbox, sign, verify, explain, amount, validate, required, codes, migrate.',
      },
    ],
  },
  {
    title: 'Take payments',
    pages: [
      { title: 'Hosted checkout', file: 'guide/hosted-checkout.md', about: 'The customer pays on a page of APS.' },
      {
        title: 'The card form',
        file: 'guide/card-form.md',
        about: 'A form of your own; the card goes from the browser to APS.',
      },
      {
        title: 'More ways to pay',
        file: 'guide/more-ways-to-pay.md',
        about: 'Payment links, stored cards, instalments, STC Pay, and every other command.',
      },
      { title: 'Apple Pay', file: 'guide/apple-pay.md', about: 'The merchant session, and paying with the token.' },
      {
        title: 'Webhooks and return_url',
        file: 'guide/webhooks.md',
        about: 'Verify notifications, compare them with the order, answer them.',
      },
    ],
  },
  {
    title: 'Look after money',
    pages: [
      { title: 'Where it runs', file: 'guide/runtimes.md', about: 'Runtimes, bundlers, test runners and TypeScript.' },
      { title: 'Amounts', file: 'guide/amounts.md', about: 'Exact amounts in minor units.' },
      {
        title: 'Validation',
        file: 'guide/validation.md',
        about: 'Check parameters early; a Standard Schema for other libraries.',
      },
      { title: 'The life cycle', file: 'guide/life-cycle.md', about: 'What may be done with a payment, and when.' },
      {
        title: 'Saving a payment',
        file: 'guide/saving-a-payment.md',
        about: 'Store a Payment with its order, load it, bring it up to date.',
      },
      {
        title: 'Retries and lost answers',
        file: 'guide/lost-answers.md',
        about: 'What to do when an answer does not arrive.',
      },
      {
        title: 'The journal',
        file: 'guide/journal.md',
        about: 'Durable operations on PostgreSQL or PGlite, each carried out once.',
      },
      {
        title: 'Batches and reports',
        file: 'guide/batches.md',
        about: 'Files of many operations, and reports, as streams.',
      },
    ],
  },
  {
    title: 'Recipes',
    pages: [
      {
        title: 'All recipes',
        file: '../examples/README.md',
        about: 'Projects to copy: servers, functions, pages, scripts, tests. Each takes a payment in a test.',
      },
      ...recipes(),
    ],
  },
  {
    title: 'Test and run',
    pages: [
      {
        title: 'Testing your shop',
        file: 'guide/testing.md',
        about: 'Unit tests and whole payments without a network.',
      },
      {
        title: 'The sandbox and its faults',
        file: 'guide/sandbox.md',
        about: 'An offline gateway: customers, time, lost answers.',
      },
      {
        title: 'The sandbox in full',
        file: '../pkg/sandbox/README.md',
        about: 'All options, faults and test cards of the sandbox.',
      },
      {
        title: '“Signature mismatch”',
        file: 'guide/signature-mismatch.md',
        about: 'Why a signature does not match, and how to find out.',
      },
      { title: 'Errors', file: 'guide/errors.md', about: 'Classes, codes, and what to do about each.' },
      {
        title: 'Observing',
        file: 'guide/observing.md',
        about: 'Events for logs, metrics and OpenTelemetry, without card data.',
      },
      {
        title: 'Security and CSP',
        file: 'guide/security.md',
        about: 'Secrets, the policy of a card page, what is defended and what is not.',
      },
      { title: 'Going live', file: 'guide/going-live.md', about: 'A checklist.' },
    ],
  },
  {
    title: 'Reference',
    pages: [
      {
        title: 'Commands, parameters, codes',
        file: 'reference.md',
        about: 'Everything that APS takes and answers, generated from the dictionary.',
      },
      {
        title: 'What shoppers read',
        file: 'checkout-sentences.md',
        about: 'Every sentence of the card form, in English and Arabic.',
      },
      { title: 'Rust', file: 'guide/rust.md', about: 'The crate, for servers in Rust.' },
      { title: 'Limits', file: 'guide/limits.md', about: 'What this package does not do or know.' },
      {
        title: 'Alternatives',
        file: 'guide/alternatives.md',
        about: 'Compared with payfort-node, the official SDKs and signing by hand.',
      },
    ],
  },
  {
    title: 'The project',
    pages: [
      { title: 'Overview', file: '../README.md', about: 'What the package is, in one page.' },
      { title: 'Design', file: '../DESIGN.md', about: 'What lives where, and why.' },
      { title: 'Security policy', file: '../SECURITY.md', about: 'How to report a weakness.' },
      { title: 'Contributing', file: '../CONTRIBUTING.md', about: 'From a clone to a release.' },
      { title: 'Changes', file: '../CHANGELOG.md', about: 'What each version has.' },
    ],
  },
];

/** The page of the site that a file of the repository becomes: `guide/x`, `design`. */
export function pathOf(/** @type {string} */ file) {
  if (file === 'reference.md') return 'reference/index';
  if (file === '../pkg/sandbox/README.md') return 'guide/sandbox-reference';
  if (file === '../examples/README.md') return 'examples/index';
  const [, recipe] = /^\.\.\/examples\/([^/]+)\/README\.md$/.exec(file) ?? [];
  if (recipe) return `examples/${recipe}`;
  return file.replace(/\.md$/, '').replace(/^\.\.\/(.*)$/, (_, name) => `project/${name.toLowerCase()}`);
}
