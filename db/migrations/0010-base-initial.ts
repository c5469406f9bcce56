/** First schema of the base compartment. Frozen once landed (checksums.json): never edited afterwards. */
import type { Migration } from './migration'

export const baseInitial: Migration = {
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
CREATE TABLE centre (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  area_code TEXT NOT NULL,
  recovery_public TEXT NOT NULL,
  recovery_sign_public TEXT NOT NULL,
  founded_at INTEGER NOT NULL,
  admitting_terminal_id TEXT NOT NULL,
  admitting_epoch INTEGER NOT NULL,
  gateway_terminal_id TEXT NOT NULL,
  gateway_epoch INTEGER NOT NULL
) STRICT;
CREATE TABLE setting (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX setting_name ON setting (name);
CREATE TABLE org_unit (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  unit_kind TEXT NOT NULL,
  parent_id TEXT,
  code TEXT NOT NULL,
  contact_person TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX org_unit_parent_id ON org_unit (parent_id);
CREATE INDEX org_unit_code ON org_unit (code);
CREATE TABLE code_item (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  system TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  parent TEXT NOT NULL,
  external TEXT NOT NULL,
  sort INTEGER NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX code_item_system_code ON code_item (system, code);
CREATE TABLE staff (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  account TEXT NOT NULL,
  org_unit_id TEXT,
  box_public TEXT NOT NULL,
  sign_public TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX staff_account ON staff (account);
CREATE TABLE staff_secret (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  wrapped TEXT NOT NULL
) STRICT;
CREATE TABLE staff_post (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  post TEXT NOT NULL,
  org_unit_id TEXT,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX staff_post_staff_id ON staff_post (staff_id);
CREATE TABLE mediator_profile (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  org_unit_id TEXT,
  fields TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE INDEX mediator_profile_staff_id ON mediator_profile (staff_id);
CREATE TABLE compartment_grant (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  compartment TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  given_by TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;
CREATE INDEX compartment_grant_compartment ON compartment_grant (compartment);
CREATE TABLE compartment_box (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  compartment TEXT NOT NULL,
  box_public TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;
CREATE TABLE terminal (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  sign_public TEXT NOT NULL,
  box_public TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE replica_intro (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  compartment TEXT NOT NULL,
  replica TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  predecessor TEXT NOT NULL,
  predecessor_seq INTEGER NOT NULL,
  recipient TEXT NOT NULL,
  sign_public TEXT NOT NULL,
  signature TEXT NOT NULL,
  holder_id TEXT NOT NULL,
  holder_signature TEXT NOT NULL
) STRICT;
CREATE INDEX replica_intro_replica ON replica_intro (replica);
CREATE INDEX replica_intro_terminal_id ON replica_intro (terminal_id);
CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  gender TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  id_type TEXT NOT NULL,
  id_number TEXT NOT NULL,
  id_check_reason TEXT NOT NULL,
  phone TEXT NOT NULL,
  org_unit_id TEXT,
  address TEXT NOT NULL,
  address_secret INTEGER NOT NULL CHECK (address_secret IN (0, 1)),
  note TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX person_name ON person (name);
CREATE INDEX person_phone ON person (phone);
CREATE INDEX person_id_number ON person (id_number);
CREATE INDEX person_org_unit_id ON person (org_unit_id);
CREATE TABLE person_alias (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  from_id TEXT NOT NULL,
  to_id TEXT NOT NULL,
  voided INTEGER NOT NULL CHECK (voided IN (0, 1))
) STRICT;
CREATE INDEX person_alias_from_id ON person_alias (from_id);
CREATE INDEX person_alias_to_id ON person_alias (to_id);
CREATE TABLE matter (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  title TEXT NOT NULL,
  category TEXT NOT NULL,
  wanted TEXT NOT NULL,
  description TEXT NOT NULL,
  org_unit_id TEXT,
  place TEXT NOT NULL,
  occurred_on TEXT NOT NULL,
  registered_on TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  registered_by TEXT,
  channel TEXT NOT NULL,
  head_count INTEGER NOT NULL,
  amount_fen INTEGER,
  confidentiality TEXT NOT NULL,
  risk_level TEXT NOT NULL
) STRICT;
CREATE INDEX matter_registered_on ON matter (registered_on);
CREATE INDEX matter_org_unit_id ON matter (org_unit_id);
CREATE INDEX matter_category ON matter (category);
CREATE TABLE matter_party (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id) DEFERRABLE INITIALLY DEFERRED,
  person_id TEXT,
  name TEXT NOT NULL,
  is_unit INTEGER NOT NULL CHECK (is_unit IN (0, 1)),
  role TEXT NOT NULL,
  phone TEXT NOT NULL,
  address TEXT NOT NULL,
  address_secret INTEGER NOT NULL CHECK (address_secret IN (0, 1)),
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX matter_party_matter_id ON matter_party (matter_id);
CREATE INDEX matter_party_person_id ON matter_party (person_id);
CREATE INDEX matter_party_phone ON matter_party (phone) WHERE phone <> '';
CREATE TABLE matter_respondent_unit (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id) DEFERRABLE INITIALLY DEFERRED,
  org_unit_id TEXT NOT NULL,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX matter_respondent_unit_matter_id ON matter_respondent_unit (matter_id);
CREATE INDEX matter_respondent_unit_org_unit_id ON matter_respondent_unit (org_unit_id);
CREATE TABLE visit (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  matter_id TEXT,
  person_id TEXT,
  is_question INTEGER NOT NULL CHECK (is_question IN (0, 1)),
  arrived_at INTEGER NOT NULL,
  arrived_on TEXT NOT NULL,
  channel TEXT NOT NULL,
  head_count INTEGER NOT NULL,
  wanted TEXT NOT NULL,
  description TEXT NOT NULL,
  reply TEXT NOT NULL,
  receiver_id TEXT,
  typed_by TEXT,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX visit_matter_id ON visit (matter_id);
CREATE INDEX visit_person_id ON visit (person_id);
CREATE INDEX visit_arrived_on_arrived_at ON visit (arrived_on, arrived_at);
CREATE TABLE handling (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id) DEFERRABLE INITIALLY DEFERRED,
  way TEXT NOT NULL,
  org_unit_id TEXT,
  opened_on TEXT NOT NULL
) STRICT;
CREATE INDEX handling_matter_id ON handling (matter_id);
CREATE TABLE course_event (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  matter_id TEXT NOT NULL REFERENCES matter (id) DEFERRABLE INITIALLY DEFERRED,
  handling_id TEXT,
  kind TEXT NOT NULL,
  parents TEXT NOT NULL,
  data TEXT NOT NULL,
  happened_on TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  acted_by TEXT,
  typed_by TEXT
) STRICT;
CREATE INDEX course_event_matter_id ON course_event (matter_id);
CREATE TABLE sealed_item (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  compartment TEXT NOT NULL,
  ciphertext TEXT NOT NULL,
  receipt TEXT NOT NULL,
  sealed_at INTEGER NOT NULL,
  sealed_by TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX sealed_item_compartment_state ON sealed_item (compartment, state);
CREATE INDEX sealed_item_sealed_by ON sealed_item (sealed_by);
`
