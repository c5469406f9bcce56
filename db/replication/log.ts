/** The stored changes and what was parked of them. */
import type { ReadableDb, WritableDb } from '../handle'
import { sql, type Sql } from '../sql'
import { canonical } from './canonical'
import { headerHash, type Change, type ChangeRow } from './change'

/**
 * Why a change is not projected: `fork` and `altered` lie only among the parked, the chain knows another change or none
 * there; the others are part of the chain and relayed, so that every terminal judges them alike.
 */
export type ParkReason = 'fork' | 'altered' | 'malformed' | 'authority' | 'orphan'

/** Condition on `change c`: it is not parked. */
export const NOT_PARKED: Sql = sql`NOT EXISTS
  (SELECT 1 FROM parked p WHERE p.replica = c.replica AND p.seq = c.seq AND p.hash = c.hash)`

export interface ParkedChange {
  readonly replica: string
  /** 0: the mark of a fork of whose other branch nothing has come. */
  readonly seq: number
  readonly reason: ParkReason
  /** What is wrong, in Chinese. */
  readonly message: string
  /** Null for a mark. */
  readonly change: Change | null
  /** Instant it was parked, ms. */
  readonly at: number
}

/** Parks a change; the same one twice is one. */
export function park(db: WritableDb, change: Change, reason: ParkReason, message: string, at: number): void {
  db.run(sql`INSERT OR IGNORE INTO parked (replica, seq, hash, reason, message, change, at)
    VALUES (${change.replica}, ${change.seq}, ${headerHash(change)}, ${reason}, ${message}, ${canonical(change)}, ${at})`)
}

/** @returns what is parked, newest first, for the administrator's list. */
export function parkedChanges(db: ReadableDb, limit: number): ParkedChange[] {
  return db
    .all<Omit<ParkedChange, 'change'> & { change: string }>(
      sql`SELECT replica, seq, reason, message, change, at FROM parked ORDER BY at DESC, replica, seq LIMIT ${limit}`,
    )
    .map((row) => ({ ...row, change: JSON.parse(row.change) as Change | null }))
}

/** Stores a sealed change that came from elsewhere. */
export function storeChange(db: WritableDb, change: Change, hash: string, counter: number): void {
  const seen = change.seen.length === 0 ? '' : canonical(change.seen)
  db.run(sql`INSERT INTO change (replica, seq, lamport, txn, schema, actor, typed_by, post, tbl, row_id, op, parents, seen, digest, prev,
      hash, signature, salt, body, arrived)
    VALUES (${change.replica}, ${change.seq}, ${change.lamport}, ${change.txn}, ${change.schema}, ${change.actor}, ${change.typed_by},
      ${change.post}, ${change.table}, ${change.row}, ${change.op}, ${canonical(change.parents)}, ${seen}, ${change.digest}, ${change.prev},
      ${hash}, ${change.signature}, ${change.salt}, ${change.body === null ? null : canonical(change.body)}, ${counter})`)
}

/** @returns the stored change under this name, parked or not. */
export function storedChange(db: ReadableDb, replica: string, seq: number): ChangeRow | undefined {
  return db.get<ChangeRow>(sql`SELECT * FROM change WHERE replica = ${replica} AND seq = ${seq}`)
}

/** @returns the changes of a row that count, in order. */
export function changesOfRow(db: ReadableDb, table: string, row: string): ChangeRow[] {
  return db.all<ChangeRow>(
    sql`SELECT c.* FROM change c WHERE c.tbl = ${table} AND c.row_id = ${row} AND ${NOT_PARKED} ORDER BY c.lamport, c.replica`,
  )
}
