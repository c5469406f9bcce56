/** Making, rebuilding and checking all derived tables of a file. */
import type { Compartment } from '../../domain/compartments'
import type { ReadableDb } from '../handle'
import { ident, sql } from '../sql'
import type { ReadableStore, Store } from '../store'
import { deriveReferral, deriveRosterEntry } from './confidential'
import { DERIVED_DDL, DERIVED_TABLES, DERIVED_VERSION } from './ddl'
import { deriveMatter } from './matter'
import { derivePerson } from './person'
import { DERIVED_ROOTS, refreshDerived } from './refresh'
import { deriveDocs, type DocKind } from './search'

type DerivedStore = Pick<Store, 'compartment' | 'connection' | 'db'>
type CheckedStore = Pick<ReadableStore, 'compartment' | 'db'>

const stampOf = (db: ReadableDb): string | undefined =>
  db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'derived_version'`)?.value

/** Called at every opening: rebuilds when the file's stamp is not this version's. */
export function ensureDerived(store: DerivedStore): void {
  if (stampOf(store.db) !== DERIVED_VERSION) rebuildDerived(store)
}

/** Drops all derived tables and makes them anew, in one transaction. Nothing of it is captured. */
export function rebuildDerived(store: DerivedStore): void {
  const { connection, db, compartment } = store
  connection.transaction(() => {
    for (const table of [...Object.keys(DERIVED_TABLES[compartment]), 'search_doc', 'search_text']) {
      connection.exec(`DROP TABLE IF EXISTS ${table}`)
    }
    connection.exec(DERIVED_DDL[compartment])
    for (const { table, order } of DERIVED_ROOTS[compartment]) {
      const rows = db.all<{ rowId: string }>(
        sql`SELECT id AS rowId FROM ${ident(table)} ORDER BY ${ident(order)}, id`,
      )
      for (const { rowId } of rows) refreshDerived({ ...db, store }, [{ table, rowId }])
    }
    db.run(sql`INSERT INTO meta (name, value) VALUES ('derived_version', ${DERIVED_VERSION})
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  })()
}

/** Computes every derived row anew in memory and compares; nothing is written. @returns one line per deviation. */
export function checkDerived(store: CheckedStore): string[] {
  const expected = new Map<string, string>()
  for (const { table } of DERIVED_ROOTS[store.compartment]) {
    const rows = store.db.all<{ id: string }>(sql`SELECT id FROM ${ident(table)} ORDER BY id`)
    for (const { id } of rows) {
      for (const [key, value] of expectedRows(store.db, store.compartment, table, id))
        expected.set(key, value)
    }
  }
  const problems: string[] = []
  for (const [key, value] of storedRows(store)) {
    const wanted = expected.get(key)
    if (wanted === undefined) problems.push(`派生数据多出：${key}`)
    else if (wanted !== value) problems.push(`派生数据不符：${key}`)
    expected.delete(key)
  }
  for (const key of expected.keys()) problems.push(`派生数据缺失：${key}`)
  return [...problems, ...indexProblems(store.db)]
}

type Entry = readonly [key: string, value: string]
const entry = (table: string, key: string, row: object): Entry => [
  `${table} ${key}`,
  JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))),
]

function* expectedRows(
  db: ReadableDb,
  compartment: Compartment,
  kind: DocKind,
  id: string,
): Generator<Entry> {
  if (kind === 'matter') {
    const derived = deriveMatter(db, id)
    if (derived) {
      yield entry('matter_state', id, derived.matter)
      for (const row of derived.handlings) yield entry('handling_state', row.handling_id, row)
      for (const row of derived.mediators) {
        yield entry('handling_mediator', `${row.staff_id}, ${row.handling_id}`, row)
      }
    }
  }
  const person = kind === 'person' ? derivePerson(db, id) : undefined
  if (person) yield entry('person_key', id, person)
  const referral = kind === 'referral' ? deriveReferral(db, id) : undefined
  if (referral) yield entry('referral_state', id, referral)
  const roster = compartment === 'roster' ? deriveRosterEntry(db, id) : undefined
  if (roster) yield entry('roster_state', id, roster)
  for (const { row_id, part, digest } of deriveDocs(db, kind, id)) {
    yield entry('search_doc', `${kind} ${row_id} ${part}`, { digest })
  }
}

function* storedRows({ db, compartment }: CheckedStore): Generator<Entry> {
  for (const [table, key] of Object.entries(DERIVED_TABLES[compartment])) {
    for (const row of db.iterate<Record<string, unknown>>(sql`SELECT * FROM ${ident(table)}`)) {
      const id = key.split(', ').map((name) => String(row[name]))
      yield entry(table, id.join(', '), row)
    }
  }
  const docs = db.iterate<{ kind: string; row_id: string; part: string; digest: string }>(
    sql`SELECT kind, row_id, part, digest FROM search_doc`,
  )
  for (const { kind, row_id, part, digest } of docs) {
    yield entry('search_doc', `${kind} ${row_id} ${part}`, { digest })
  }
}

/** The index itself holds no text; that it has exactly the documents of the list can be seen. */
function indexProblems(db: ReadableDb): string[] {
  const missing = db.get<{ n: number }>(
    sql`SELECT count(*) AS n FROM search_doc WHERE doc_id NOT IN (SELECT id FROM search_text_docsize)`,
  )
  const extra = db.get<{ n: number }>(
    sql`SELECT count(*) AS n FROM search_text_docsize WHERE id NOT IN (SELECT doc_id FROM search_doc)`,
  )
  const count = (missing?.n ?? 0) + (extra?.n ?? 0)
  return count === 0 ? [] : [`检索索引有 ${count} 条不符`]
}
