// Version 2: the person who dismissed a notification that belongs to no operation, and why. The view stays as it is: an
// instance that still runs version 1 could not replace one that has more columns.

/** @type {readonly string[]} each may run again, and beside itself in another process */
export const statements = [
  'ALTER TABLE aps_journal_notification ADD COLUMN IF NOT EXISTS dismissed_by text',
  'ALTER TABLE aps_journal_notification ADD COLUMN IF NOT EXISTS dismissed_why text',
  'ALTER TABLE aps_journal_notification ADD COLUMN IF NOT EXISTS dismissed_at bigint',
];
