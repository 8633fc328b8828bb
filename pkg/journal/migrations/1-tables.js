// Version 1: the tables, their indexes, and the documented views. Instants are milliseconds since 1970.

/** @type {readonly string[]} each may run again, and beside itself in another process */
export const statements = [
  `CREATE TABLE IF NOT EXISTS aps_journal_payment (
  payment text PRIMARY KEY,
  endpoint text NOT NULL,
  merchant_identifier text NOT NULL,
  merchant_reference text NOT NULL,
  version bigint NOT NULL,
  state text NOT NULL,
  is_open boolean NOT NULL,
  attention boolean NOT NULL,
  order_name text,
  fort_id text,
  wallet text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
)`,
  'CREATE INDEX IF NOT EXISTS aps_journal_payment_attention ON aps_journal_payment (updated_at) WHERE attention',
  'CREATE INDEX IF NOT EXISTS aps_journal_payment_order ON aps_journal_payment (order_name) WHERE order_name IS NOT NULL',
  'CREATE INDEX IF NOT EXISTS aps_journal_payment_fort_id ON aps_journal_payment (fort_id) WHERE fort_id IS NOT NULL',
  `CREATE TABLE IF NOT EXISTS aps_journal_operation (
  operation_key text PRIMARY KEY,
  payment text NOT NULL,
  operation text NOT NULL,
  command text NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  evidence text,
  is_open boolean NOT NULL,
  tag text,
  reference text,
  notified boolean NOT NULL,
  lapsed boolean NOT NULL,
  contradiction boolean NOT NULL,
  params text,
  options text,
  reply text,
  settled_by text,
  settled_why text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
)`,
  'CREATE INDEX IF NOT EXISTS aps_journal_operation_payment ON aps_journal_operation (payment, created_at)',
  'CREATE INDEX IF NOT EXISTS aps_journal_operation_created ON aps_journal_operation (created_at, operation_key)',
  'CREATE INDEX IF NOT EXISTS aps_journal_operation_open ON aps_journal_operation (created_at) WHERE is_open OR contradiction',
  `CREATE TABLE IF NOT EXISTS aps_journal_entry (
  payment text NOT NULL,
  version bigint NOT NULL,
  at bigint NOT NULL,
  entry text NOT NULL
)`,
  'CREATE INDEX IF NOT EXISTS aps_journal_entry_payment ON aps_journal_entry (payment, version)',
  `CREATE TABLE IF NOT EXISTS aps_journal_notification (
  id text PRIMARY KEY,
  payment text NOT NULL,
  operation_key text,
  command text NOT NULL,
  outcome text NOT NULL,
  code text NOT NULL,
  params text NOT NULL,
  received_at bigint NOT NULL,
  claim text,
  claimed_until bigint NOT NULL,
  handled_at bigint
)`,
  'CREATE INDEX IF NOT EXISTS aps_journal_notification_payment ON aps_journal_notification (payment, received_at)',
  `CREATE OR REPLACE VIEW aps_payments AS
SELECT merchant_identifier, merchant_reference, order_name, fort_id, wallet, is_open, attention,
  version, to_timestamp(created_at / 1000.0) AS created_at, to_timestamp(updated_at / 1000.0) AS updated_at
FROM aps_journal_payment`,
  `CREATE OR REPLACE VIEW aps_operations AS
SELECT o.operation_key, p.merchant_identifier, p.merchant_reference, p.order_name, o.command, o.amount, o.currency,
  o.status, o.evidence, o.is_open, o.reference AS maintenance_reference, o.notified, o.lapsed, o.contradiction,
  o.settled_by, o.settled_why,
  to_timestamp(o.created_at / 1000.0) AS created_at, to_timestamp(o.updated_at / 1000.0) AS updated_at
FROM aps_journal_operation AS o JOIN aps_journal_payment AS p ON p.payment = o.payment`,
  `CREATE OR REPLACE VIEW aps_notifications AS
SELECT n.id, p.merchant_identifier, p.merchant_reference, n.operation_key, n.command, n.outcome, n.code,
  to_timestamp(n.received_at / 1000.0) AS received_at, to_timestamp(n.handled_at / 1000.0) AS handled_at
FROM aps_journal_notification AS n LEFT JOIN aps_journal_payment AS p ON p.payment = n.payment`,
];
