/** First schema of the psych compartment. Frozen once landed (checksums.json): never edited afterwards. */
import type { Migration } from './migration'

export const psychInitial: Migration = {
  version: 10,
  up: (connection) => {
    connection.exec(SCHEMA)
  },
}

const SCHEMA = `
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE capture_context (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  applying INTEGER NOT NULL, replica TEXT NOT NULL, seq INTEGER NOT NULL, lamport INTEGER NOT NULL, counter INTEGER NOT NULL,
  txn TEXT NOT NULL, schema INTEGER NOT NULL, actor TEXT NOT NULL, typed_by TEXT NOT NULL, post TEXT NOT NULL,
  deciding TEXT NOT NULL, seen TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE change (
  replica TEXT NOT NULL, seq INTEGER NOT NULL, lamport INTEGER NOT NULL, txn TEXT NOT NULL, schema INTEGER NOT NULL,
  actor TEXT NOT NULL, typed_by TEXT NOT NULL, post TEXT NOT NULL, tbl TEXT NOT NULL, row_id TEXT NOT NULL, op TEXT NOT NULL,
  parents TEXT NOT NULL, seen TEXT NOT NULL DEFAULT '', digest TEXT, prev TEXT, hash TEXT, signature TEXT, salt TEXT, body TEXT, arrived INTEGER NOT NULL,
  PRIMARY KEY (replica, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_row ON change (tbl, row_id);
CREATE INDEX change_unsealed ON change (replica, seq) WHERE digest IS NULL;
CREATE INDEX change_seen ON change (replica, seq) WHERE seen <> '';
CREATE TABLE head (
  tbl TEXT NOT NULL, row_id TEXT NOT NULL, grp TEXT NOT NULL, replica TEXT NOT NULL, seq INTEGER NOT NULL,
  shown INTEGER NOT NULL, applied INTEGER NOT NULL,
  PRIMARY KEY (tbl, row_id, grp, replica, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE difference (
  tbl TEXT NOT NULL, row_id TEXT NOT NULL, grp TEXT NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (tbl, row_id, grp)
) STRICT, WITHOUT ROWID;
CREATE TABLE known_replica (
  replica TEXT NOT NULL PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, lamport INTEGER NOT NULL, mine INTEGER NOT NULL,
  signature TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE parked (
  replica TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL,
  change TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (replica, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE form_result (request_id TEXT NOT NULL PRIMARY KEY, route TEXT NOT NULL, result TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE draft (staff_id TEXT NOT NULL, form_key TEXT NOT NULL, content TEXT NOT NULL, saved_at INTEGER NOT NULL, PRIMARY KEY (staff_id, form_key)) STRICT, WITHOUT ROWID;
CREATE TABLE local_setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE peer (
  replica TEXT NOT NULL PRIMARY KEY, vector TEXT NOT NULL, heard_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE package_out (
  id TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, vector TEXT NOT NULL,
  file_name TEXT NOT NULL, changes INTEGER NOT NULL, made_at INTEGER NOT NULL, state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX package_out_address ON package_out (address, number);
CREATE TABLE package_in (
  hash TEXT NOT NULL PRIMARY KEY, file_name TEXT NOT NULL, sender TEXT NOT NULL, address TEXT NOT NULL, number INTEGER NOT NULL,
  state TEXT NOT NULL, message TEXT NOT NULL, applied INTEGER NOT NULL, parked INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_entry (
  seq INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, staff_id TEXT NOT NULL, post TEXT NOT NULL, route TEXT NOT NULL,
  action TEXT NOT NULL, subject TEXT NOT NULL, subject_id TEXT NOT NULL, fields TEXT NOT NULL, outcome TEXT NOT NULL,
  prev TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE number_issue (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  series TEXT NOT NULL,
  year INTEGER NOT NULL,
  terminal_number TEXT NOT NULL,
  serial INTEGER NOT NULL,
  number_text TEXT NOT NULL,
  subject_table TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
  void_reason TEXT NOT NULL
) STRICT;
CREATE INDEX number_issue_subject_id ON number_issue (subject_id);
CREATE INDEX number_issue_number_text ON number_issue (number_text);
CREATE INDEX number_issue_series_year_terminal_number_serial ON number_issue (series, year, terminal_number, serial);
CREATE TABLE box_secret (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  box_public TEXT NOT NULL,
  box_private TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE referral (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  sealed_id TEXT NOT NULL,
  name TEXT NOT NULL,
  gender TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  phone TEXT NOT NULL,
  safe_contact TEXT NOT NULL,
  need TEXT NOT NULL,
  urgency TEXT NOT NULL,
  consent TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  sent_by TEXT NOT NULL,
  base_person_id TEXT,
  base_matter_id TEXT,
  state TEXT NOT NULL,
  state_reason TEXT NOT NULL,
  counsellor_id TEXT,
  next_on TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX referral_state_sent_at ON referral (state, sent_at);
CREATE INDEX referral_sealed_id ON referral (sealed_id);
CREATE TABLE referral_note (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  referral_id TEXT NOT NULL REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  happened_on TEXT NOT NULL,
  body TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  recorded_by TEXT NOT NULL
) STRICT;
CREATE INDEX referral_note_referral_id ON referral_note (referral_id);
`
