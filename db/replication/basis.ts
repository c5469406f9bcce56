/** The basis of a write (DESIGN.md section 2): a field that changed here after the record was read is not overwritten. */
import { AppError } from '../../domain/errors'
import type { ReadableDb } from '../handle'
import { getRow } from '../rows'
import { tableOf, type RowOf, type TableName } from '../schema'
import { groupsOf } from '../schema/declare'
import { sql } from '../sql'
import type { WriteTx } from '../store'

/** @returns this file's apply counter: raised by every transaction, local or imported, never replicated. */
export function applyCounter(db: ReadableDb): number {
  return db.get<{ counter: number }>(sql`SELECT counter FROM capture_context`)?.counter ?? 0
}

export interface Conflict {
  readonly field: string
  readonly label: string
  readonly mine: unknown
  readonly theirs: unknown
}

/** @returns groups of a row whose shown value changed in this file after the basis; '' stands for all not listed. */
function changedSince(db: ReadableDb, table: string, id: string, basis: number): (group: string) => boolean {
  const heads = db.all<{ grp: string; applied: number }>(
    sql`SELECT grp, max(applied) AS applied FROM head WHERE tbl = ${table} AND row_id = ${id} GROUP BY grp`,
  )
  const applied = new Map(heads.map((head) => [head.grp, head.applied]))
  return (group) => (applied.get(group) ?? applied.get('') ?? 0) > basis
}

/**
 * Refuses to overwrite what the person has not seen. Called in the transaction, before `patchRow`.
 * @param basis apply counter when the record was read
 * @param patch the fields the person changed
 * @throws AppError CHANGED_MEANWHILE with `data.conflicts`: both values of every field; nothing is saved
 */
export function assertBasis<T extends TableName>(
  tx: WriteTx,
  table: T,
  id: string,
  basis: number,
  patch: Partial<RowOf<T>>,
): void {
  const decl = tableOf(tx.store.compartment, table)
  const row = getRow(tx, table, id)
  if (decl === undefined || row === undefined) return
  const current = row as Readonly<Record<string, unknown>>
  const mine = patch as Readonly<Record<string, unknown>>
  const changed = changedSince(tx, table, id, basis)
  const conflicts: Conflict[] = []
  for (const [group, fields] of groupsOf(decl)) {
    if (!fields.some((name) => Object.hasOwn(mine, name)) || !changed(group)) continue
    for (const name of fields) {
      const value = Object.hasOwn(mine, name) ? mine[name] : current[name]
      if (JSON.stringify(value) === JSON.stringify(current[name])) continue
      const label = decl.fields[name]?.label ?? name
      conflicts.push({ field: name, label, mine: value, theirs: current[name] })
    }
  }
  if (conflicts.length === 0) return
  throw new AppError(
    'CHANGED_MEANWHILE',
    `您打开之后，${conflicts.map(({ label }) => `“${label}”`).join('、')}已被改过，这一次没有保存，您填的内容还在。请看过两个内容后再决定。`,
    { data: { conflicts } },
  )
}
