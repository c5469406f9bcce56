/**
 * Audit (DESIGN.md section 5): append-only, one chain per file, in the transaction of the action. Ids, routes and field
 * names, never values.
 */
import type { ReadableDb } from './handle'
import { sha256Hex } from './keys/encoding'
import { sql } from './sql'
import type { Store } from './store'

export interface AuditInput {
  /** Instant, ms. */
  readonly at: number
  readonly staffId: string
  readonly post: string
  readonly route: string
  /** Chinese name of what was done. */
  readonly action: string
  /** Kind of thing it was done to. */
  readonly subject: string
  readonly subjectId: string
  /** Names of the fields touched. */
  readonly fields: readonly string[]
  readonly outcome: string
}

interface AuditRow {
  readonly seq: number
  readonly at: number
  readonly staff_id: string
  readonly post: string
  readonly route: string
  readonly action: string
  readonly subject: string
  readonly subject_id: string
  readonly fields: string
  readonly outcome: string
  readonly prev: string
  readonly hash: string
}

/** The algorithm is named in front, so that another one can follow. */
function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const told = [row.seq, row.at, row.staff_id, row.post, row.route, row.action, row.subject, row.subject_id]
  return `sha256.${sha256Hex(JSON.stringify([...told, row.fields, row.outcome, row.prev]))}`
}

/** @returns hash of the last entry, which commits to all before it; empty while there is none. */
export function auditHead(db: ReadableDb): string {
  return db.get<{ hash: string }>(sql`SELECT hash FROM audit_entry ORDER BY seq DESC LIMIT 1`)?.hash ?? ''
}

/** Adds an entry. Called inside the transaction of what it tells, so that neither is without the other. */
export function appendAudit(store: Pick<Store, 'connection' | 'db'>, input: AuditInput): void {
  if (!store.connection.inTransaction) throw new Error('an audit entry belongs into its action’s transaction')
  const last = store.db.get<{ seq: number; hash: string }>(
    sql`SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1`,
  )
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at: input.at,
    staff_id: input.staffId,
    post: input.post,
    route: input.route,
    action: input.action,
    subject: input.subject,
    subject_id: input.subjectId,
    fields: JSON.stringify(input.fields),
    outcome: input.outcome,
    prev: last?.hash ?? '',
  }
  store.db.run(sql`INSERT INTO audit_entry
    (seq, at, staff_id, post, route, action, subject, subject_id, fields, outcome, prev, hash)
    VALUES (${row.seq}, ${row.at}, ${row.staff_id}, ${row.post}, ${row.route}, ${row.action}, ${row.subject},
      ${row.subject_id}, ${row.fields}, ${row.outcome}, ${row.prev}, ${hashOf(row)})`)
}

/**
 * Recomputes the chain from its first entry.
 * @returns null when it is whole, else the sequence of the first entry that does not fit
 */
export function verifyAudit(db: ReadableDb): number | null {
  let prev = ''
  let seq = 0
  for (const row of db.iterate<AuditRow>(sql`SELECT * FROM audit_entry ORDER BY seq`)) {
    seq += 1
    if (row.seq !== seq || row.prev !== prev || row.hash !== hashOf(row)) return seq
    prev = row.hash
  }
  return null
}
