/** The list of differences: fields in which several values stand, for a person to decide between. */
import type { Compartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import type { ReadableDb } from '../handle'
import { tableOf } from '../schema'
import { groupsOf, type TableDecl } from '../schema/declare'
import { ident, join, sql } from '../sql'
import type { WriteTx } from '../store'
import { sha256 } from './canonical'
import { headsOf, type GroupRef } from './heads'
import { storedChange } from './log'
import { coveredBy, settleHeads, type Head, type Values } from './merge'

export interface DifferenceValue {
  /** Names the write: `replica:seq`. */
  readonly head: string
  readonly values: Values
  /** Staff id of who wrote it; for whom, when typed for somebody else. */
  readonly actor: string
  readonly typedFor: string
  /** When, ms, as its author's clock said: shown, never decided by. Null when its transaction id tells no time. */
  readonly at: number | null
  readonly shown: boolean
  /** Written in this file. */
  readonly mine: boolean
}
export interface OpenDifference {
  readonly id: string
  readonly table: string
  readonly rowId: string
  readonly group: string
  readonly fields: readonly string[]
  /** Instant it was found here, ms. */
  readonly since: number
  /** One per value, in order. */
  readonly values: readonly DifferenceValue[]
}

interface ListedRow {
  readonly tbl: string
  readonly row_id: string
  readonly grp: string
  readonly since: number
}

const idOf = (row: ListedRow): string => sha256(`${row.tbl} ${row.row_id} ${row.grp}`)
const nameOf = (head: Head): string => `${head.replica}:${head.seq}`

/** The instant inside a UUIDv7. */
function instantOf(txn: string): number | null {
  return txn[14] === '7' ? Number.parseInt(txn.slice(0, 8) + txn.slice(9, 13), 16) : null
}

function describe(db: ReadableDb, compartment: Compartment, row: ListedRow): OpenDifference | undefined {
  const decl = tableOf(compartment, row.tbl)
  const fields = decl === undefined ? undefined : groupsOf(decl).get(row.grp)
  if (decl === undefined || fields === undefined) return undefined
  const ref: GroupRef = { table: row.tbl, row: row.row_id, group: row.grp }
  const settled = settleHeads(decl, fields, headsOf(db, decl, ref, fields))
  const values = settled.open.flatMap((head) => {
    const change = storedChange(db, head.replica, head.seq)
    if (change === undefined || head.values === null) return []
    const mine = db.get<{ mine: number }>(
      sql`SELECT mine FROM known_replica WHERE replica = ${head.replica}`,
    )?.mine
    return {
      head: nameOf(head),
      values: head.values,
      actor: change.actor,
      typedFor: change.typed_by,
      at: instantOf(change.txn),
      shown: head === settled.shown,
      mine: mine === 1,
    }
  })
  return {
    id: idOf(row),
    table: row.tbl,
    rowId: row.row_id,
    group: row.grp,
    fields,
    since: row.since,
    values,
  }
}

/** @returns how many differences are open. */
export function countDifferences(db: ReadableDb): number {
  return db.get<{ n: number }>(sql`SELECT count(*) AS n FROM difference`)?.n ?? 0
}

/**
 * @param tables only these, as far as the viewer's post may see them
 * @param offset how many to leave out
 * @returns open differences, oldest first
 */
export function openDifferences(
  db: ReadableDb,
  compartment: Compartment,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): OpenDifference[] {
  return db
    .all<ListedRow>(
      sql`SELECT tbl, row_id, grp, since FROM difference ORDER BY since, tbl, row_id, grp LIMIT ${limit} OFFSET ${offset}`,
    )
    .flatMap((row) => describe(db, compartment, row) ?? [])
}

/** @returns one open difference by its id, or undefined when it is open no more. */
export function openDifference(
  db: ReadableDb,
  compartment: Compartment,
  id: string,
): OpenDifference | undefined {
  const row = db
    .all<ListedRow>(sql`SELECT tbl, row_id, grp, since FROM difference`)
    .find((listed) => idOf(listed) === id)
  return row === undefined ? undefined : describe(db, compartment, row)
}

function assertMayDecide(tx: WriteTx, decl: TableDecl): void {
  const { actor, store } = tx
  if (decl.kind === 'event')
    throw new AppError('FORBIDDEN', '经过记录不能修改，两条记录都保留。如需更正，请另记一条更正。')
  if (decl.deciders !== undefined && !decl.deciders.includes(actor.post))
    throw new AppError('FORBIDDEN', `当前岗位不能决定“${decl.label}”的不一致，没有保存。请有权限的同事处理。`)
  // Elsewhere a decision in base counts only with the signature of its actor.
  if (store.compartment === 'base' && actor.sign === null)
    throw new AppError('FORBIDDEN', '处理不一致需要本人签名，没有保存。请重新登录后再试。')
}

/**
 * Decides a difference: the chosen value replaces all that were shown.
 * @param id of the difference
 * @param shown heads the person was shown; what arrived since stays open
 * @param chosen the head whose value is to stand
 * @throws AppError NOT_FOUND when it is settled already, CHANGED_MEANWHILE when the chosen value stands no more, FORBIDDEN
 */
export function decideDifference(tx: WriteTx, id: string, shown: readonly string[], chosen: string): void {
  const { compartment } = tx.store
  const open = openDifference(tx, compartment, id)
  const decl = open === undefined ? undefined : tableOf(compartment, open.table)
  if (open === undefined || decl === undefined)
    throw new AppError('NOT_FOUND', '这处不一致已经处理过了，没有再作改动。')
  assertMayDecide(tx, decl)
  const ref: GroupRef = { table: open.table, row: open.rowId, group: open.group }
  const heads = headsOf(tx, decl, ref, open.fields)
  const seen = heads.filter((head) => shown.includes(nameOf(head)))
  const result = heads.find((head) => nameOf(head) === chosen)
  const values = result?.values
  if (values === undefined || values === null || !shown.includes(chosen))
    throw new AppError('CHANGED_MEANWHILE', '您打开之后，这里又有新的改动，没有保存。请重新打开后再决定。')
  const named = heads.filter((head) => seen.some((one) => coveredBy(decl, open.fields, head, one)))
  const deciding = {
    table: open.table,
    row: open.rowId,
    group: open.group,
    heads: named.map((head) => [head.replica, head.seq]),
  }
  tx.run(sql`UPDATE capture_context SET deciding = ${JSON.stringify(deciding)}`)
  const sets = open.fields.map((name) => sql`${ident(name)} = ${values[name] ?? null}`)
  tx.run(sql`UPDATE ${ident(open.table)} SET ${join(sets, ', ')} WHERE id = ${open.rowId}`)
  tx.run(sql`UPDATE capture_context SET deciding = ''`)
}
