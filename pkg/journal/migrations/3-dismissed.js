// Version 3: a view of the notifications that a person dismissed, also of payments that the journal does not have.

/** @type {readonly string[]} each may run again, and beside itself in another process */
export const statements = [
  `CREATE OR REPLACE VIEW aps_dismissed_notifications AS
SELECT id, split_part(payment, ' ', 2) AS merchant_identifier, split_part(payment, ' ', 3) AS merchant_reference,
  operation_key, command, outcome, code, dismissed_by, dismissed_why, to_timestamp(received_at / 1000.0) AS received_at,
  to_timestamp(handled_at / 1000.0) AS handled_at, to_timestamp(dismissed_at / 1000.0) AS dismissed_at
FROM aps_journal_notification WHERE dismissed_at IS NOT NULL`,
];
