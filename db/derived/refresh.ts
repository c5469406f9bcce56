/** Keeps derived tables in step: at the end of every transaction, local or imported, for the rows it touched. */
import type { Compartment } from '../../domain/compartments'
import type { WritableDb } from '../handle'
import { ident, join, sql } from '../sql'
import { deriveReferral, deriveRosterEntry } from './confidential'
import { deriveMatter } from './matter'
import { derivePerson, mergedWith } from './person'
import { refreshDocs, type DocKind } from './search'

export interface Touched {
  readonly table: string
  readonly rowId: string
}
/** What a refresh needs of a transaction. */
export interface DerivedTx extends WritableDb {
  readonly store: { readonly compartment: Compartment }
}

/** Aggregates to compute again, each once. */
type Work = Readonly<Record<DocKind, Set<string>>>

const CHILDREN_OF_MATTER = new Set(['matter_party', 'matter_respondent_unit', 'handling', 'course_event'])

function collect(db: WritableDb, touched: readonly Touched[]): Work {
  const work: Work = {
    matter: new Set(),
    person: new Set(),
    visit: new Set(),
    referral: new Set(),
    roster_entry: new Set(),
    child_entry: new Set(),
  }
  for (const { table, rowId } of touched) {
    if (Object.hasOwn(work, table)) work[table as DocKind].add(rowId)
    if (CHILDREN_OF_MATTER.has(table)) {
      const row = db.get<{ matter_id: string }>(
        sql`SELECT matter_id FROM ${ident(table)} WHERE id = ${rowId}`,
      )
      if (row) work.matter.add(row.matter_id)
    }
    if (table === 'visit') {
      const row = db.get<{ matter_id: string | null }>(sql`SELECT matter_id FROM visit WHERE id = ${rowId}`)
      if (row?.matter_id != null) work.matter.add(row.matter_id)
    }
    if (table === 'person') {
      for (const row of db.all<{ matter_id: string }>(
        sql`SELECT matter_id FROM matter_party WHERE person_id = ${rowId}`,
      )) {
        work.matter.add(row.matter_id)
      }
    }
    if (table === 'person_alias') {
      const row = db.get<{ from_id: string; to_id: string }>(
        sql`SELECT from_id, to_id FROM person_alias WHERE id = ${rowId}`,
      )
      if (row)
        for (const id of [row.from_id, row.to_id]) for (const one of mergedWith(db, id)) work.person.add(one)
    }
    if (table === 'number_issue') {
      const row = db.get<{ subject_table: string; subject_id: string }>(
        sql`SELECT subject_table, subject_id FROM number_issue WHERE id = ${rowId}`,
      )
      if (row && Object.hasOwn(work, row.subject_table))
        work[row.subject_table as DocKind].add(row.subject_id)
    }
  }
  return work
}

/** Writes a derived row, replacing the one before. Columns come from our own row types. */
function put(db: WritableDb, table: string, row: object): void {
  const entries = Object.entries(row) as [string, string | number][]
  const columns = join(
    entries.map(([name]) => ident(name)),
    ', ',
  )
  const values = join(
    entries.map(([, value]) => sql`${value}`),
    ', ',
  )
  db.run(sql`INSERT OR REPLACE INTO ${ident(table)} (${columns}) VALUES (${values})`)
}

function refreshMatter(db: WritableDb, id: string): void {
  db.run(sql`DELETE FROM handling_mediator WHERE matter_id = ${id}`)
  db.run(sql`DELETE FROM handling_state WHERE matter_id = ${id}`)
  const derived = deriveMatter(db, id)
  if (derived === undefined) db.run(sql`DELETE FROM matter_state WHERE matter_id = ${id}`)
  else {
    put(db, 'matter_state', derived.matter)
    for (const row of derived.handlings) put(db, 'handling_state', row)
    for (const row of derived.mediators) put(db, 'handling_mediator', row)
  }
  refreshDocs(db, 'matter', id)
}

function refreshPerson(db: WritableDb, id: string): void {
  const row = derivePerson(db, id)
  if (row === undefined) db.run(sql`DELETE FROM person_key WHERE person_id = ${id}`)
  else put(db, 'person_key', row)
  refreshDocs(db, 'person', id)
}

function refreshReferral(db: WritableDb, id: string): void {
  const row = deriveReferral(db, id)
  if (row === undefined) db.run(sql`DELETE FROM referral_state WHERE referral_id = ${id}`)
  else put(db, 'referral_state', row)
  refreshDocs(db, 'referral', id)
}

function refreshRosterEntry(db: WritableDb, id: string): void {
  const row = deriveRosterEntry(db, id)
  if (row === undefined) db.run(sql`DELETE FROM roster_state WHERE entry_id = ${id}`)
  else put(db, 'roster_state', row)
  refreshDocs(db, 'roster_entry', id)
}

/**
 * @param tx a transaction of a compartment, local or importing
 * @param touched rows of replicated tables that were written in it
 */
export function refreshDerived(tx: DerivedTx, touched: readonly Touched[]): void {
  const work = collect(tx, touched)
  for (const id of work.person) refreshPerson(tx, id)
  for (const id of work.matter) refreshMatter(tx, id)
  for (const id of work.visit) refreshDocs(tx, 'visit', id)
  for (const id of work.referral) refreshReferral(tx, id)
  for (const id of work.roster_entry) refreshRosterEntry(tx, id)
  for (const id of work.child_entry) refreshDocs(tx, 'child_entry', id)
}

/** Roots whose rows stand for everything derived of a compartment, oldest first. */
export const DERIVED_ROOTS: Readonly<Record<Compartment, readonly { table: DocKind; order: string }[]>> = {
  base: [
    { table: 'person', order: 'id' },
    { table: 'visit', order: 'arrived_at' },
    { table: 'matter', order: 'registered_at' },
  ],
  psych: [{ table: 'referral', order: 'sent_at' }],
  roster: [{ table: 'roster_entry', order: 'id' }],
  children: [{ table: 'child_entry', order: 'sent_at' }],
}
