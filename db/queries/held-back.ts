/** Packages and changes that came and could not be placed, for the administrator. */
import type { Compartment } from '../../domain/compartments'
import type { HeldBackRow } from '../../domain/contract/exchange'
import type { ReadableDb } from '../handle'
import { parkedChanges } from '../replication/log'
import { tableOf } from '../schema'
import { sql } from '../sql'

const MOST = 200

/** @returns the newest first of each kind; names tables in Chinese, never what a change says */
export function heldBack(db: ReadableDb, compartment: Compartment): HeldBackRow[] {
  const packages = db
    .all<{ hash: string; file_name: string; state: 'waits' | 'quarantined'; message: string; at: number }>(
      sql`SELECT hash, file_name, state, message, at FROM package_in WHERE state <> 'applied' ORDER BY at DESC LIMIT ${MOST}`,
    )
    .map((row) => ({
      key: row.hash,
      kind: row.state,
      compartment,
      name: row.file_name,
      message: row.message,
      at: row.at,
    }))
  const parked = parkedChanges(db, MOST).map((row) => ({
    key: `${row.replica} ${row.seq}`,
    kind: 'parked' as const,
    compartment,
    name: row.change === null ? '变更' : (tableOf(compartment, row.change.table)?.label ?? '变更'),
    message: row.message,
    at: row.at,
  }))
  return [...packages, ...parked]
}
