/**
 * Whether a stored change counts. A function of the change and its causal past alone, so that every terminal that has it
 * judges it alike, whatever arrived before (DESIGN.md section 4, rules 11 and 13).
 */
import type { ReadableDb } from '../handle'
import { tableOf } from '../schema'
import { groupsOf, type TableDecl } from '../schema/declare'
import type { Store } from '../store'
import { judgeAuthority, type Founding } from './authority'
import { checkValue } from './check'
import type { Change, ChangeRow } from './change'
import { NOT_PARKED, storedChange, type ParkReason } from './log'
import type { CausalPast } from './past'
import { sql } from '../sql'

export interface Breach {
  readonly reason: Exclude<ParkReason, 'fork' | 'altered'>
  readonly message: string
}
/** `unknown`: of a newer version; kept and relayed, projected after the upgrade. */
export type Verdict = 'counts' | 'unknown' | Breach

export interface JudgeContext {
  readonly store: Pick<Store, 'compartment' | 'centreId'>
  readonly db: ReadableDb
  readonly founding: Founding | undefined
}

const malformed = (message: string): Breach => ({ reason: 'malformed', message })

/** One more than the largest its author had seen: nobody can win collisions by a number of his own choosing. */
function judgeOrder(db: ReadableDb, change: Change): Breach | undefined {
  const before = change.seq > 1 ? (storedChange(db, change.replica, change.seq - 1)?.lamport ?? 0) : 0
  const seen = change.seen.map(([replica, seq]) => storedChange(db, replica, seq)?.lamport ?? 0)
  return change.lamport === Math.max(before, ...seen) + 1 ? undefined : malformed('次序号不对')
}

function judgeFields(context: JudgeContext, decl: TableDecl, change: Change): Breach | undefined {
  const { body } = change
  if (body === null) return undefined
  if (change.op === 'i' && body['org_id'] !== context.store.centreId) return malformed('不是本中心的记录')
  for (const [name, value] of Object.entries(body)) {
    const field = decl.fields[name]
    const problem = field === undefined ? undefined : checkValue(field, value)
    if (problem !== undefined) return malformed(`“${decl.label}”的${field?.label ?? name}${problem}`)
  }
  return undefined
}

function wroteGroup(write: ChangeRow | undefined, change: Change, group: string): boolean {
  if (write === undefined || write.tbl !== change.table || write.row_id !== change.row) return false
  return write.op === 'i' || Object.hasOwn(JSON.parse(write.parents) as object, group)
}

/** A write names what it replaces: writes of the same group that its author knew. */
function judgeParents(
  context: JudgeContext,
  decl: TableDecl,
  change: Change,
  past: CausalPast,
): Breach | undefined {
  if (change.op === 'i')
    return Object.keys(change.parents).length === 0 ? undefined : malformed('新记录不应有前一内容')
  if (decl.kind === 'event') return malformed('经过记录不能修改')
  for (const [group, fields] of groupsOf(decl)) {
    const written = fields.filter((name) => change.body !== null && Object.hasOwn(change.body, name))
    const named = change.parents[group]
    const whole = change.body === null || written.length === (named === undefined ? 0 : fields.length)
    if (!whole) return malformed('字段与前一内容不对应')
    for (const [replica, seq] of named ?? []) {
      if (!past(replica, seq) || !wroteGroup(storedChange(context.db, replica, seq), change, group))
        return malformed('前一内容不存在')
    }
  }
  return undefined
}

/** Whether a row was inserted by a change that counts, in the causal past. */
function inserted(db: ReadableDb, table: string, row: string, past: CausalPast): boolean {
  return db
    .all<{ replica: string; seq: number }>(
      sql`SELECT c.replica, c.seq FROM change c WHERE c.tbl = ${table} AND c.row_id = ${row} AND c.op = 'i' AND ${NOT_PARKED}`,
    )
    .some(({ replica, seq }) => past(replica, seq))
}

/**
 * Rows that the application ships (UUIDv5 of a natural key) were never inserted by a change; a town edits them all the
 * same.
 */
const isShipped = (table: string, row: string): boolean =>
  (table === 'code_item' || table === 'org_unit') && row[14] === '5'

function judgeRoots(
  context: JudgeContext,
  decl: TableDecl,
  change: Change,
  past: CausalPast,
): Breach | undefined {
  const made = isShipped(change.table, change.row) || inserted(context.db, change.table, change.row, past)
  if (change.op === 'u' && !made)
    return { reason: 'orphan', message: `所改的“${decl.label}”记录不存在或未被接受` }
  const { root } = decl
  if (root === undefined || change.body === null || !Object.hasOwn(change.body, root.field)) return undefined
  return inserted(context.db, root.table, String(change.body[root.field]), past)
    ? undefined
    : { reason: 'orphan', message: `“${decl.label}”所属的记录不存在或未被接受` }
}

/**
 * @param change stored already, so that its own `seen` is part of what `past` answers from
 * @param past its causal past
 */
export function judge(context: JudgeContext, change: Change, past: CausalPast): Verdict {
  const { db, store } = context
  const late = judgeOrder(db, change)
  if (late !== undefined) return late
  const decl = tableOf(store.compartment, change.table)
  if (decl === undefined || (change.op !== 'i' && change.op !== 'u')) return 'unknown'
  return (
    judgeFields(context, decl, change) ??
    judgeParents(context, decl, change, past) ??
    judgeRoots(context, decl, change, past) ??
    (store.compartment === 'base' ? judgeAuthority(db, context.founding, decl, change, past) : undefined) ??
    'counts'
  )
}
