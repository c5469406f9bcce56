/** A row as a pure function of the set of its changes: what `verify`, `reproject` and the check of authority rest on. */
import { groupsOf, type TableDecl } from '../schema/declare'
import type { Body, ChangeRow, WriteRef } from './change'
import { settleHeads, type Head, type Settled, type Values } from './merge'

export interface FoldedRow {
  readonly values: Values
  readonly groups: ReadonlyMap<string, { readonly heads: readonly Head[]; readonly settled: Settled }>
}

const keyOf = (replica: string, seq: number): string => `${replica} ${seq}`

/** What a column holds when the author's version had no such field. */
export function emptyValue(decl: TableDecl, name: string): string | number | null {
  const field = decl.fields[name]
  if (field === undefined || field.nullable === true) return null
  if (field.type === 'json') return 'null'
  return field.type === 'text' || field.type === 'date' || field.type === 'ref' ? '' : 0
}

/** @returns the values of a group's fields in a body; null when the body was erased. */
export function valuesIn(decl: TableDecl, fields: readonly string[], body: Body | null): Values | null {
  return body === null
    ? null
    : Object.fromEntries(
        fields.map((name) => {
          const value = body[name]
          return [name, value === undefined ? emptyValue(decl, name) : value]
        }),
      )
}

/**
 * @param decl declaration of the table
 * @param changes the row's changes that count, in order (lamport, replica)
 * @returns values and heads, of a shipped row those that were edited; undefined when there are none or the insert was
 *   erased
 */
export function foldRow(decl: TableDecl, changes: readonly ChangeRow[]): FoldedRow | undefined {
  const inserts = changes.filter((change) => change.op === 'i')
  if (changes.length === 0 || (inserts.length > 0 && inserts.every((change) => change.body === null)))
    return undefined
  const groups = groupsOf(decl)
  const heads = new Map<string, Map<string, Head>>([...groups.keys()].map((group) => [group, new Map()]))
  for (const change of changes) {
    const body = change.body === null ? null : (JSON.parse(change.body) as Body)
    const parents = JSON.parse(change.parents) as Readonly<Record<string, readonly WriteRef[]>>
    for (const [group, fields] of groups) {
      if (change.op !== 'i' && !Object.hasOwn(parents, group)) continue
      const present = heads.get(group)
      for (const [replica, seq] of parents[group] ?? []) present?.delete(keyOf(replica, seq))
      const { replica, seq, lamport } = change
      present?.set(keyOf(replica, seq), { replica, seq, lamport, values: valuesIn(decl, fields, body) })
    }
  }
  const folded = [...groups].flatMap(([group, fields]) => {
    const standing = [...(heads.get(group)?.values() ?? [])]
    return standing.length === 0
      ? []
      : [[group, { heads: standing, settled: settleHeads(decl, fields, standing) }] as const]
  })
  const values = Object.assign({}, ...folded.map(([, { settled }]) => settled.shown.values ?? {})) as Values
  return { values, groups: new Map(folded) }
}
