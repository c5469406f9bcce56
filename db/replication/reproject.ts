/** Rows anew from the stored changes: after an upgrade, an erasure, an admission. */
import type { WritableDb } from '../handle'
import { SCHEMAS, tableOf } from '../schema'
import { ident, sql } from '../sql'
import type { Store } from '../store'
import { inTransaction } from '../transaction'
import { rebuildDerived } from '../derived/rebuild'
import { foundingOf } from './authority'
import { changeOf, type ChangeRow } from './change'
import { projecting } from './heads'
import { judge, type JudgeContext } from './judge'
import { park } from './log'
import { pastReader } from './past'
import { projectChange } from './project'

/** Rows that came with the application were never inserted by a change: they stay. */
function clear(db: WritableDb, tables: readonly string[]): void {
  for (const table of tables)
    db.run(
      sql`DELETE FROM ${ident(table)} WHERE id IN (SELECT row_id FROM change WHERE tbl = ${table} AND op = 'i')`,
    )
  db.run(sql`DELETE FROM head`)
  db.run(sql`DELETE FROM difference`)
  db.run(sql`DELETE FROM parked WHERE reason NOT IN ('fork', 'altered')`)
}

/** Goes through all stored changes in order, judges each again and projects what counts. Derived tables follow. */
export function reproject(store: Store): void {
  const { db, compartment } = store
  inTransaction(store, () => {
    const counter =
      db.get<{ counter: number }>(
        sql`UPDATE capture_context SET counter = counter + 1 WHERE applying = 0 RETURNING counter`,
      )?.counter ?? 0
    const now = store.clock.now()
    const context: JudgeContext = {
      store,
      db,
      founding: compartment === 'base' ? foundingOf(store, []) : undefined,
    }
    const pastOf = pastReader(db)
    projecting(db, () => {
      clear(db, Object.keys(SCHEMAS[compartment]))
      // Names first, one by one then: a statement that is being read may not see its own table written.
      const names = db.all<{ replica: string; seq: number }>(
        sql`SELECT replica, seq FROM change ORDER BY lamport, replica`,
      )
      for (const { replica, seq } of names) {
        const row = db.get<ChangeRow>(sql`SELECT * FROM change WHERE replica = ${replica} AND seq = ${seq}`)
        if (row === undefined) continue
        const change = changeOf(row)
        const verdict = judge(context, change, pastOf(replica, seq))
        const decl = tableOf(compartment, change.table)
        if (verdict === 'counts' && decl) projectChange({ db, counter, now }, decl, change)
        else if (verdict !== 'unknown' && verdict !== 'counts')
          park(db, change, verdict.reason, verdict.message, now)
      }
    })
  })
  rebuildDerived(store)
}

/**
 * Called at every opening: after an upgrade, changes that an older version kept unread are projected.
 * @returns whether rows were made anew
 */
export function ensureProjected(store: Store): boolean {
  const { db, connection } = store
  const schema = String(connection.pragma('user_version', { simple: true }))
  const stamp = db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'projected_schema'`)?.value
  if (stamp === schema) return false
  const newer =
    db.get(sql`SELECT 1 FROM change WHERE schema > ${Number(stamp ?? schema)} LIMIT 1`) !== undefined
  if (newer) reproject(store)
  db.run(sql`INSERT INTO meta (name, value) VALUES ('projected_schema', ${schema})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  return newer
}
