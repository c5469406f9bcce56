/** Lists of matters, by key. */
import { SHIPPED_CALENDAR } from '../../domain/calendar/data'
import { addWorkdays } from '../../domain/calendar/workdays'
import type { LocalDate } from '../../domain/clock'
import type { Input, Output } from '../../domain/contract/index'
import { searchQuery } from '../derived/tokens'
import type { ReadableDb } from '../handle'
import { join, list, sql, type Sql } from '../sql'
import type { Viewer } from '../store'
import { isInsider, matterVisible } from '../visibility/matter'
import { matterColumns, toMatterRows, type ListedMatter } from './matter-row'
import { cappedCount, cursorOf, cursorParts, pageOf } from './page'

type ListInput = Input<'matter.list'>

const S = sql`s`
/** `soon` in lists is what a row's deadline calls soon. */
const SOON_WORKDAYS = 3

/**
 * Matters whose text holds all typed words: by their story where it may be known, otherwise by number and names.
 * @returns a condition on `s`, or null when there is nothing to search for
 */
export function matterMatches(viewer: Viewer, typed: string): Sql | null {
  const query = searchQuery(typed)
  if (query === null) return null
  const found = (
    part: string,
  ): Sql => sql`SELECT d.row_id FROM search_text t JOIN search_doc d ON d.doc_id = t.rowid
    WHERE t.search_text MATCH ${query} AND d.kind = 'matter' AND d.part = ${part}`
  return sql`((s.matter_id IN (${found('story')}) AND (s.confidentiality = 'normal' OR ${isInsider(viewer, S)}))
    OR (s.matter_id IN (${found('head')}) AND s.confidentiality <> 'normal'))`
}

/** A unit with the grids and committees below it. */
const withParts = (unitId: string): Sql =>
  sql`(SELECT ${unitId} UNION SELECT id FROM org_unit WHERE parent_id = ${unitId})`

function conditions(viewer: Viewer, input: ListInput, today: LocalDate): Sql[] {
  const found = [matterVisible(viewer, S)]
  if (input.states.length > 0) found.push(sql`s.state IN ${list(input.states)}`)
  if (input.due === 'late') found.push(sql`s.due_order < ${today}`)
  if (input.due === 'soon') {
    const last = addWorkdays(SHIPPED_CALENDAR, today, SOON_WORKDAYS)
    found.push(sql`s.due_order >= ${today} AND s.due_order <= ${last}`)
  }
  if (input.orgUnitId !== null) found.push(sql`s.org_unit_id IN ${withParts(input.orgUnitId)}`)
  if (input.mediatorId !== null) {
    found.push(
      sql`s.matter_id IN (SELECT matter_id FROM handling_mediator WHERE staff_id = ${input.mediatorId})`,
    )
  }
  // A head of the list stands for its children; ':' is the character after '9'.
  if (input.category !== '') {
    found.push(sql`s.dispute >= ${input.category} AND s.dispute < ${`${input.category}:`}`)
    found.push(sql`(s.confidentiality = 'normal' OR ${isInsider(viewer, S)})`)
  }
  if (input.from !== '') found.push(sql`s.registered_on >= ${input.from}`)
  if (input.to !== '') found.push(sql`s.registered_on <= ${input.to}`)
  return found
}

/** @returns a page of matters the viewer may know of. */
export function listMatters(
  db: ReadableDb,
  viewer: Viewer,
  input: ListInput,
  today: LocalDate,
): Output<'matter.list'> {
  const where = conditions(viewer, input, today)
  if (input.text.trim() !== '') {
    const matches = matterMatches(viewer, input.text)
    if (matches === null) return { rows: [], next: null, total: 0 }
    where.push(matches)
  }
  return pageOfMatters(
    db,
    viewer,
    { where, order: input.order, after: input.after, limit: input.limit },
    today,
  )
}

/** A page of matters under any conditions on `s`; the caller has put the predicate among them. */
export function pageOfMatters(
  db: ReadableDb,
  viewer: Viewer,
  query: {
    readonly where: readonly Sql[]
    readonly order: 'newest' | 'due'
    readonly after: string | null
    readonly limit: number
  },
  today: LocalDate,
): Output<'matter.list'> {
  const all = join(query.where, ' AND ')
  const rows = db.all<ListedMatter>(sql`SELECT ${matterColumns(viewer, S)} FROM matter_state s
    WHERE ${all} ${afterKey(query.order, query.after)} ORDER BY ${orderBy(query.order)} LIMIT ${query.limit + 1}`)
  const total = cappedCount(db, sql`SELECT 1 FROM matter_state s WHERE ${all}`, query.after)
  return pageOf(rows, query.limit, total, {
    row: toMatterRows(db, rows, today),
    cursor: (row) => cursorOf(query.order === 'due' ? row.due_order : row.registered_at, row.matter_id),
  })
}

const orderBy = (order: 'newest' | 'due'): Sql =>
  order === 'due' ? sql`s.due_order, s.matter_id` : sql`s.registered_at DESC, s.matter_id DESC`

function afterKey(order: 'newest' | 'due', after: string | null): Sql {
  if (after === null) return sql``
  const [key, id] = cursorParts(after)
  return order === 'due'
    ? sql`AND (s.due_order, s.matter_id) > (${key}, ${id})`
    : sql`AND (s.registered_at, s.matter_id) < (${Number(key)}, ${id})`
}
