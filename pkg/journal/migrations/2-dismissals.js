// Version 2: the person who dismissed a notification that belongs to no operation, and why.

/** @type {readonly string[]} each may run again, and beside itself in another process */
export const statements = [
  'ALTER TABLE aps_journal_notification ADD COLUMN IF NOT EXISTS dismissed_by text',
  'ALTER TABLE aps_journal_notification ADD COLUMN IF NOT EXISTS dismissed_why text',
  'ALTER TABLE aps_journal_notification ADD COLUMN IF NOT EXISTS dismissed_at bigint',
  `CREATE OR REPLACE VIEW aps_notifications AS
SELECT n.id, p.merchant_identifier, p.merchant_reference, n.operation_key, n.command, n.outcome, n.code,
  to_timestamp(n.received_at / 1000.0) AS received_at, to_timestamp(n.handled_at / 1000.0) AS handled_at,
  n.dismissed_by, n.dismissed_why, to_timestamp(n.dismissed_at / 1000.0) AS dismissed_at
FROM aps_journal_notification AS n LEFT JOIN aps_journal_payment AS p ON p.payment = n.payment`,
];
