// `aps-payops/journal`: operations that survive the process. Not for browsers.

import { using } from './core/instance.js';
import { journaled as journal } from './journal/index.js';
import { migrate as migrateStore, migrationSql as sqlOfMigrations } from './journal/migrations/index.js';
import { openStore as open } from './journal/open.js';
import { load } from './loaders/inline.js';

export const openStore = /* @__PURE__ */ using(load, open);
export const journaled = /* @__PURE__ */ using(load, journal);
export const migrate = /* @__PURE__ */ using(load, migrateStore);
export const migrationSql = /* @__PURE__ */ using(load, sqlOfMigrations);

export { OperationError } from './errors.js';
export { fromDrizzle, fromKysely, fromPrisma } from './journal/adapters.js';

/** @typedef {import('./journal/index.js').Journal} Journal */
/** @typedef {import('./journal/index.js').JournalOptions} JournalOptions */
/** @typedef {import('./journal/index.js').OperationOptions} OperationOptions */
/** @typedef {import('./journal/open.js').StoreOptions} StoreOptions */
/** @typedef {import('./journal/care.js').RecoverOptions} RecoverOptions */
/** @typedef {import('./journal/care.js').Recovered} Recovered */
/** @typedef {import('./journal/care.js').Uncertainty} Uncertainty */
/** @typedef {import('./journal/notifications.js').Handled} Handled */
/** @typedef {import('./journal/notifications.js').HandleOptions} HandleOptions */
/** @typedef {import('./journal/report.js').Difference} Difference */
/** @typedef {import('./journal/report.js').History} History */
/** @typedef {import('./journal/store.js').JournalStore} JournalStore */
