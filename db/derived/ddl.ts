/**
 * Derived tables: functions of the replicated rows and the order of their changes. Never captured, not in migrations:
 * made when a file is opened and rebuilt when the stamp differs.
 */
import type { Compartment } from '../../domain/compartments'

/** Raise it with every change of what a derived table holds: all files are rebuilt at their next opening. */
export const DERIVED_VERSION = '1'

/** doc_id is the stable integer that the full-text index is tied to; digest tells whether its text is still the same. */
const SEARCH = `
CREATE TABLE search_doc (
  doc_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  row_id TEXT NOT NULL,
  part TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_doc_row ON search_doc (kind, row_id, part);
CREATE VIRTUAL TABLE search_text USING fts5 (body, ascii, pinyin, content='', contentless_delete=1);
`

const BASE = `
CREATE TABLE matter_state (
  matter_id TEXT NOT NULL PRIMARY KEY,
  number_text TEXT NOT NULL,
  title TEXT NOT NULL,
  dispute TEXT NOT NULL,
  org_unit_id TEXT NOT NULL,
  registered_on TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  registered_by TEXT NOT NULL,
  confidentiality TEXT NOT NULL,
  state TEXT NOT NULL,
  state_text TEXT NOT NULL,
  category TEXT NOT NULL,
  due_on TEXT NOT NULL,
  due_reason TEXT NOT NULL,
  due_order TEXT NOT NULL,
  parties TEXT NOT NULL,
  mediators TEXT NOT NULL,
  has_difference INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX matter_state_newest ON matter_state (registered_at DESC, matter_id DESC, confidentiality, registered_by);
CREATE INDEX matter_state_state ON matter_state (state, registered_at DESC, matter_id DESC);
CREATE INDEX matter_state_unit ON matter_state (org_unit_id, registered_at DESC, matter_id DESC);
CREATE INDEX matter_state_dispute ON matter_state (dispute, registered_at DESC, matter_id DESC);
CREATE INDEX matter_state_due ON matter_state (due_order, matter_id);
CREATE INDEX matter_state_day ON matter_state (registered_on);
CREATE TABLE handling_state (
  handling_id TEXT NOT NULL PRIMARY KEY,
  matter_id TEXT NOT NULL,
  way TEXT NOT NULL,
  org_unit_id TEXT NOT NULL,
  dispute TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  state TEXT NOT NULL,
  category TEXT NOT NULL,
  outcome TEXT NOT NULL,
  accepted_on TEXT NOT NULL,
  resolved_on TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  suspended_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  limit_on TEXT NOT NULL,
  mediators TEXT NOT NULL,
  voided INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX handling_state_matter ON handling_state (matter_id);
CREATE INDEX handling_state_opened ON handling_state (opened_on);
CREATE INDEX handling_state_accepted ON handling_state (accepted_on) WHERE accepted_on <> '';
CREATE INDEX handling_state_resolved ON handling_state (resolved_on);
CREATE TABLE handling_mediator (
  staff_id TEXT NOT NULL,
  handling_id TEXT NOT NULL,
  matter_id TEXT NOT NULL,
  category TEXT NOT NULL,
  PRIMARY KEY (staff_id, handling_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handling_mediator_matter ON handling_mediator (matter_id, staff_id);
CREATE INDEX handling_mediator_handling ON handling_mediator (handling_id);
CREATE TABLE person_key (
  person_id TEXT NOT NULL PRIMARY KEY,
  canonical_id TEXT NOT NULL,
  phone_tail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_key_canonical ON person_key (canonical_id);
CREATE INDEX person_key_tail ON person_key (phone_tail) WHERE phone_tail <> '';
`

const PSYCH = `
CREATE TABLE referral_state (
  referral_id TEXT NOT NULL PRIMARY KEY,
  number_text TEXT NOT NULL,
  state TEXT NOT NULL,
  sent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_state_newest ON referral_state (sent_at DESC, referral_id DESC);
CREATE INDEX referral_state_state ON referral_state (state, sent_at DESC, referral_id DESC);
`

const ROSTER = `
CREATE TABLE roster_state (
  entry_id TEXT NOT NULL PRIMARY KEY,
  number_text TEXT NOT NULL,
  category TEXT NOT NULL,
  review_on TEXT NOT NULL,
  next_visit_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_state_category ON roster_state (category, entry_id);
CREATE INDEX roster_state_review ON roster_state (review_on, entry_id);
CREATE INDEX roster_state_visit ON roster_state (next_visit_on, entry_id) WHERE next_visit_on <> '';
`

/** Statements that make the derived tables of a compartment. */
export const DERIVED_DDL: Readonly<Record<Compartment, string>> = {
  base: BASE + SEARCH,
  psych: PSYCH + SEARCH,
  roster: ROSTER + SEARCH,
  children: SEARCH,
}

/** Derived tables of each compartment besides the search index, with their key. */
export const DERIVED_TABLES: Readonly<Record<Compartment, Readonly<Record<string, string>>>> = {
  base: {
    matter_state: 'matter_id',
    handling_state: 'handling_id',
    handling_mediator: 'staff_id, handling_id',
    person_key: 'person_id',
  },
  psych: { referral_state: 'referral_id' },
  roster: { roster_state: 'entry_id' },
  children: {},
}
