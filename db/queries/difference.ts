/** 数据不一致: open differences as a person decides them, each under the predicate of the record it is in. */
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import type { DifferenceRow } from '../../domain/contract/exchange'
import type { Input, Output } from '../../domain/contract/index'
import { Marked, toWire } from '../../domain/marks'
import type { ReadableDb } from '../handle'
import { openDifferences, type DifferenceValue, type OpenDifference } from '../replication/differences'
import { tableOf } from '../schema'
import type { FieldDecl, TableDecl } from '../schema/declare'
import { ident, sql, type Sql } from '../sql'
import type { Store, Viewer } from '../store'
import { isInsider, matterVisible } from '../visibility/matter'
import { personVisible } from '../visibility/person'
import { visitVisible } from '../visibility/visit'
import { staffNames } from '../visibility/viewer'
import { cursorOf, cursorParts, pageOf, TOTAL_CAP } from './page'

interface Context {
  readonly viewer: Viewer
  /** Names of staff, units and persons come from here. */
  readonly base: ReadableDb
}

/** @param stores what the session holds open. @returns differences the viewer may know of, oldest first. */
export function listDifferences(
  viewer: Viewer,
  stores: ReadonlyMap<Compartment, Store>,
  input: Input<'difference.list'>,
): Output<'difference.list'> {
  const base = stores.get('base')?.db
  if (base === undefined) return { rows: [], next: null, total: 0 }
  const context: Context = { viewer, base }
  // In ordinary life there are next to none, so they are filtered one by one.
  const all = COMPARTMENTS.flatMap((compartment) => {
    const store = stores.get(compartment)
    if (store === undefined) return []
    return openDifferences(store.db, compartment, { offset: 0, limit: TOTAL_CAP }).flatMap((open) => {
      const row = rowOf(context, store, open)
      return row === null ? [] : [row]
    })
  })
  const start = input.after === null ? 0 : Number(cursorParts(input.after)[0]) || 0
  const rows = all.slice(start, start + input.limit + 1).map((row, index) => ({ row, at: start + index + 1 }))
  return pageOf(rows, input.limit, all.length, { row: ({ row }) => row, cursor: ({ at }) => cursorOf(at) })
}

function rowOf(context: Context, store: Store, open: OpenDifference): DifferenceRow | null {
  const decl = tableOf(store.compartment, open.table)
  if (decl === undefined) return null
  const title = store.compartment === 'base' ? baseTitle(context, decl, open) : listTitle(store.db, open)
  if (title === null) return null
  const { viewer, base } = context
  const names = staffNames(
    base,
    open.values.flatMap((value) => [value.actor, value.typedFor]),
  )
  const byText = (value: DifferenceValue): string => {
    const by = names.get(value.actor) ?? ''
    const forWhom = names.get(value.typedFor)
    return forWhom === undefined ? by : `${by}（代${forWhom}录入）`
  }
  return {
    id: open.id,
    compartment: store.compartment,
    table: open.table,
    rowId: open.rowId,
    title,
    field: open.group,
    fieldText: open.fields.map((name) => decl.fields[name]?.label ?? name).join('、'),
    values: open.values.map((value) => ({
      head: value.head,
      text: open.fields
        .map((name) => fieldText(context, decl.fields[name], value.values[name]))
        .filter((text) => text !== '')
        .join('，'),
      by: byText(value),
      shown: value.shown,
      mine: value.mine,
    })),
    mayDecide: decl.kind !== 'event' && (decl.deciders === undefined || decl.deciders.includes(viewer.post)),
  }
}

/** `26-03-0128 王某与李四邻里纠纷`; null when the viewer may not know of the record. */
function baseTitle(context: Context, decl: TableDecl, open: OpenDifference): string | null {
  const { viewer, base } = context
  const name = (query: Sql): string | null => base.get<{ name: string }>(query)?.name ?? null
  const row = sql`${open.rowId}`
  if (open.table === 'person') {
    return name(sql`SELECT p.name FROM person p WHERE p.id = ${row} AND ${personVisible(viewer, sql`p.id`)}`)
  }
  if (open.table === 'visit') {
    return name(
      sql`SELECT v.wanted AS name FROM visit v WHERE v.id = ${row} AND ${visitVisible(viewer, sql`v`)}`,
    )
  }
  if (open.table === 'matter' || decl.root?.table === 'matter') {
    const matter =
      open.table === 'matter'
        ? row
        : sql`(SELECT matter_id FROM ${ident(open.table)} WHERE id = ${open.rowId})`
    // Whoever may not know the story does not decide about it either.
    return name(sql`SELECT s.number_text || ' ' || s.title AS name FROM matter_state s WHERE s.matter_id = ${matter}
      AND ${matterVisible(viewer, sql`s`)}
      AND (s.confidentiality = 'normal' OR ${isInsider(viewer, sql`s`)})`)
  }
  const mayKnow = decl.posts === undefined || decl.posts.includes(viewer.post)
  return mayKnow ? decl.label : null
}

/** A holder's session reads everything of its compartment. */
function listTitle(db: ReadableDb, open: OpenDifference): string {
  if (open.table !== 'referral' && open.table !== 'roster_entry' && open.table !== 'child_entry') return ''
  const row = db.get<{ name: string }>(sql`SELECT name FROM ${ident(open.table)} WHERE id = ${open.rowId}`)
  return row?.name ?? ''
}

const NAMED: Readonly<Record<string, true>> = { staff: true, org_unit: true, person: true }

function fieldText(
  context: Context,
  field: FieldDecl | undefined,
  value: string | number | null | undefined,
): string {
  if (field === undefined || value === null || value === undefined || value === '') return ''
  if (field.type === 'bool') return value === 1 ? `${field.label}：是` : `${field.label}：否`
  if (field.type === 'fen') return `${(Number(value) / 100).toFixed(2)} 元`
  if (field.type === 'ref') return referredName(context, field, String(value))
  const text = String(value)
  return field.mark === undefined ? text : toWire(new Marked(field.mark, text), context.viewer.post)
}

function referredName({ viewer, base }: Context, field: FieldDecl, id: string): string {
  const table = field.references ?? ''
  if (!Object.hasOwn(NAMED, table)) return ''
  const seen = table === 'person' ? sql`AND ${personVisible(viewer, sql`t.id`)}` : sql``
  const row = base.get<{ name: string }>(sql`SELECT t.name FROM ${ident(table)} t WHERE t.id = ${id} ${seen}`)
  return row?.name ?? '（尚未收到）'
}
