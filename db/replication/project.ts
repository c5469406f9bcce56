/** Projects a stored change that counts: heads, row, list of differences. Runs inside `projecting`, causes before effects. */
import type { WritableDb } from '../handle'
import { groupsOf, type TableDecl } from '../schema/declare'
import { ident, join, sql } from '../sql'
import type { Change } from './change'
import { emptyValue } from './fold'
import {
  addHead,
  lastApplied,
  materialise,
  replaceHeads,
  settleGroup,
  type GroupRef,
  type Projection,
} from './heads'

/** Writes of one row. */
type Projected = Pick<Change, 'replica' | 'seq' | 'table' | 'row' | 'op' | 'parents' | 'body'>

const exists = (db: WritableDb, table: string, id: string): boolean =>
  db.get(sql`SELECT 1 FROM ${ident(table)} WHERE id = ${id}`) !== undefined

function insert(projection: Projection, decl: TableDecl, change: Projected): void {
  const { db } = projection
  const body = change.body ?? {}
  const names = Object.keys(decl.fields)
  const values = names.map((name) => body[name] ?? emptyValue(decl, name))
  db.run(
    sql`INSERT INTO ${ident(change.table)} (id, org_id, ${join(
      names.map((name) => ident(name)),
      ', ',
    )}) VALUES (${change.row}, ${body['org_id'] ?? ''}, ${join(
      values.map((value) => sql`${value}`),
      ', ',
    )})`,
  )
  db.run(sql`INSERT INTO head (tbl, row_id, grp, replica, seq, shown, applied)
    VALUES (${change.table}, ${change.row}, '', ${change.replica}, ${change.seq}, 1, ${projection.counter})`)
}

/** Two terminals made the same row (an absorbed referral): every group gets one more head; equal values are no difference. */
function insertAgain(projection: Projection, decl: TableDecl, change: Projected): number {
  let opened = 0
  for (const group of groupsOf(decl).keys()) {
    const ref: GroupRef = { table: change.table, row: change.row, group }
    materialise(projection.db, ref)
    const before = lastApplied(projection.db, ref)
    addHead(projection, ref, [change.replica, change.seq])
    if (settleGroup(projection, decl, ref, before)) opened++
  }
  addHead(projection, { table: change.table, row: change.row, group: '' }, [change.replica, change.seq])
  return opened
}

function update(projection: Projection, decl: TableDecl, change: Projected): number {
  let opened = 0
  for (const group of groupsOf(decl).keys()) {
    const parents = change.parents[group]
    if (parents === undefined) continue
    const ref: GroupRef = { table: change.table, row: change.row, group }
    materialise(projection.db, ref)
    const before = lastApplied(projection.db, ref)
    replaceHeads(projection, ref, parents, [change.replica, change.seq])
    if (settleGroup(projection, decl, ref, before)) opened++
  }
  return opened
}

/**
 * @param decl declaration of the change's table
 * @returns how many differences it opened
 */
export function projectChange(projection: Projection, decl: TableDecl, change: Projected): number {
  const { db } = projection
  // An erased row is never projected again, and nothing hangs on it.
  if (change.body === null) return 0
  const present = exists(db, change.table, change.row)
  if (change.op === 'u') return present ? update(projection, decl, change) : 0
  if (present) return insertAgain(projection, decl, change)
  const root = decl.root
  if (root !== undefined && !exists(db, root.table, String(change.body[root.field] ?? ''))) return 0
  insert(projection, decl, change)
  return 0
}
