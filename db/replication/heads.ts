/** Heads of field groups in the file, and the row that shows them. */
import type { WritableDb, ReadableDb } from '../handle'
import { groupsOf, type TableDecl } from '../schema/declare'
import { ident, join, sql } from '../sql'
import type { Body, WriteRef } from './change'
import { valuesIn } from './fold'
import { settleHeads, type Head, type Settled, type Values } from './merge'

/** A group of one row. */
export interface GroupRef {
  readonly table: string
  readonly row: string
  readonly group: string
}

/** What a projection needs to know of the transaction it runs in. */
export interface Projection {
  readonly db: WritableDb
  /** Apply counter of this transaction. */
  readonly counter: number
  /** Instant, ms; dates the entry in the list of differences. */
  readonly now: number
}

/**
 * The one place where the `applying` mark is set and cleared: inside, writes to replicated tables are projections of
 * stored changes and are not captured.
 */
export function projecting<T>(db: WritableDb, work: () => T): T {
  if (db.run(sql`UPDATE capture_context SET applying = 1 WHERE applying = 0`).changes !== 1)
    throw new Error('applying is set already')
  try {
    return work()
  } finally {
    db.run(sql`UPDATE capture_context SET applying = 0`)
  }
}

/** Heads that stand for a group: its own, or those of the insert while it was never written by itself. */
export function headsOf(db: ReadableDb, decl: TableDecl, ref: GroupRef, fields: readonly string[]): Head[] {
  const read = (group: string): { replica: string; seq: number; lamport: number; body: string | null }[] =>
    db.all(sql`SELECT h.replica, h.seq, c.lamport, c.body FROM head h JOIN change c ON c.replica = h.replica AND c.seq = h.seq
      WHERE h.tbl = ${ref.table} AND h.row_id = ${ref.row} AND h.grp = ${group}`)
  const own = read(ref.group)
  return (own.length > 0 ? own : read('')).map((head) => ({
    replica: head.replica,
    seq: head.seq,
    lamport: head.lamport,
    values: valuesIn(decl, fields, head.body === null ? null : (JSON.parse(head.body) as Body)),
  }))
}

/** Gives a group heads of its own, copied from the insert's. Does nothing when it has some. */
export function materialise(db: WritableDb, ref: GroupRef): void {
  db.run(sql`INSERT INTO head (tbl, row_id, grp, replica, seq, shown, applied)
    SELECT tbl, row_id, ${ref.group}, replica, seq, shown, applied FROM head h
    WHERE h.tbl = ${ref.table} AND h.row_id = ${ref.row} AND h.grp = '' AND NOT EXISTS
      (SELECT 1 FROM head e WHERE e.tbl = ${ref.table} AND e.row_id = ${ref.row} AND e.grp = ${ref.group})`)
}

/** Puts a write among the heads of its group in the place of those it names. */
export function replaceHeads(
  projection: Projection,
  ref: GroupRef,
  parents: readonly WriteRef[],
  write: WriteRef,
): void {
  const { db } = projection
  for (const [replica, seq] of parents)
    db.run(sql`DELETE FROM head WHERE tbl = ${ref.table} AND row_id = ${ref.row} AND grp = ${ref.group}
      AND replica = ${replica} AND seq = ${seq}`)
  addHead(projection, ref, write)
}

/** Adds a head; it counts as not changing what is shown until the group is settled. */
export function addHead(projection: Projection, ref: GroupRef, [replica, seq]: WriteRef): void {
  projection.db.run(sql`INSERT INTO head (tbl, row_id, grp, replica, seq, shown, applied)
    VALUES (${ref.table}, ${ref.row}, ${ref.group}, ${replica}, ${seq}, 0, 0)`)
}

/** @returns whether a difference is new in the list. */
function noteDifference(projection: Projection, ref: GroupRef, settled: Settled): boolean {
  const { db, now } = projection
  if (settled.open.length > 0) {
    const added = db.run(sql`INSERT OR IGNORE INTO difference (tbl, row_id, grp, since)
      VALUES (${ref.table}, ${ref.row}, ${ref.group}, ${now})`)
    return added.changes === 1
  }
  db.run(sql`DELETE FROM difference WHERE tbl = ${ref.table} AND row_id = ${ref.row} AND grp = ${ref.group}`)
  return false
}

/**
 * Makes row, head marks and list of differences say what the group's heads say. Runs inside `projecting`.
 * @param before apply counter at which the shown value last changed, where heads were just replaced
 * @returns whether this opened a difference
 */
export function settleGroup(projection: Projection, decl: TableDecl, ref: GroupRef, before: number): boolean {
  const { db } = projection
  const fields = groupsOf(decl).get(ref.group)
  if (fields === undefined) return false
  const settled = settleHeads(decl, fields, headsOf(db, decl, ref, fields))
  const opened = noteDifference(projection, ref, settled)
  const wanted = settled.shown.values
  const columns = fields.map((name) => ident(name))
  const present = db.get<Values>(
    sql`SELECT ${join(columns, ', ')} FROM ${ident(ref.table)} WHERE id = ${ref.row}`,
  )
  const differs = wanted !== null && fields.some((name) => present?.[name] !== wanted[name])
  if (differs) {
    const sets = fields.map((name) => sql`${ident(name)} = ${wanted[name] ?? null}`)
    db.run(sql`UPDATE ${ident(ref.table)} SET ${join(sets, ', ')} WHERE id = ${ref.row}`)
  }
  db.run(sql`UPDATE head SET shown = 0, applied = max(${before}, (SELECT max(applied) FROM head e
      WHERE e.tbl = head.tbl AND e.row_id = head.row_id AND e.grp = head.grp)) WHERE tbl = ${ref.table} AND row_id = ${ref.row} AND grp = ${ref.group}`)
  const applied = differs ? sql`${projection.counter}` : sql`applied`
  for (const head of settled.settled)
    db.run(sql`UPDATE head SET shown = 1, applied = ${applied} WHERE tbl = ${ref.table} AND row_id = ${ref.row}
      AND grp = ${ref.group} AND replica = ${head.replica} AND seq = ${head.seq}`)
  return opened
}

/** @returns apply counter at which a group's shown value last changed here. */
export function lastApplied(db: ReadableDb, ref: GroupRef): number {
  return (
    db.get<{ applied: number | null }>(
      sql`SELECT max(applied) AS applied FROM head WHERE tbl = ${ref.table} AND row_id = ${ref.row} AND grp = ${ref.group}`,
    )?.applied ?? 0
  )
}
