/** The roster, inside its own compartment. */
import { addDays } from '../../domain/calendar/workdays'
import type { LocalDate } from '../../domain/clock'
import { codeName } from '../../domain/codes/shipped'
import type { RosterRow } from '../../domain/contract/confidential'
import type { Input, Output } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { Marked } from '../../domain/marks'
import { searchQuery } from '../derived/tokens'
import type { ReadableDb } from '../handle'
import { applyCounter } from '../replication/basis'
import { getRow } from '../rows'
import { isFrozen } from '../services/roster'
import { join, sql, type Sql } from '../sql'
import { staffNames } from '../visibility/viewer'
import { NOT_ARRIVED, unitNames } from './names'
import { cappedCount, cursorOf, cursorParts, pageOf } from './page'
import { foundIn } from './psych'

interface Row {
  readonly id: string
  readonly number_text: string
  readonly name: string
  readonly category: string
  readonly org_unit_id: string | null
  readonly review_on: string
  readonly next_visit_on: string
}

/** Days ahead that a list of what is due shows. */
const AHEAD = 30

const toRow =
  (units: ReadonlyMap<string, string>, today: LocalDate) =>
  (row: Row): RosterRow => ({
    id: row.id,
    number: row.number_text,
    name: row.name,
    category: row.category,
    categoryText: codeName('roster_category', row.category),
    village: row.org_unit_id === null ? '' : (units.get(row.org_unit_id) ?? NOT_ARRIVED),
    reviewOn: row.review_on,
    nextVisitOn: row.next_visit_on,
    frozen: isFrozen(row.review_on, today),
  })

const columns = sql`r.id, s.number_text, r.name, s.category, r.org_unit_id, s.review_on, s.next_visit_on`

type Due = Input<'roster.list'>['due']
/** Sort key of each list: by entry, or by the day that is due. */
const KEY: Readonly<Record<Due, Sql>> = {
  any: sql`''`,
  visit: sql`s.next_visit_on`,
  review: sql`s.review_on`,
}
const ORDER: Readonly<Record<Due, Sql>> = {
  any: sql`s.entry_id`,
  visit: sql`s.next_visit_on, s.entry_id`,
  review: sql`s.review_on, s.entry_id`,
}

function conditions(input: Input<'roster.list'>, today: LocalDate): Sql[] | null {
  const where: Sql[] = [sql`1`]
  if (input.category !== '') where.push(sql`s.category = ${input.category}`)
  const until = addDays(today, AHEAD)
  if (input.due === 'visit') where.push(sql`s.next_visit_on <> '' AND s.next_visit_on <= ${until}`)
  if (input.due === 'review') where.push(sql`s.review_on <= ${until}`)
  if (input.text.trim() === '') return where
  const query = searchQuery(input.text)
  return query === null ? null : [...where, sql`s.entry_id IN ${foundIn('roster_entry', query)}`]
}

/** @param base for names of villages alone. @returns a page; what is due first where that is asked. */
export function listRoster(
  db: ReadableDb,
  base: ReadableDb,
  input: Input<'roster.list'>,
  today: LocalDate,
): Output<'roster.list'> {
  const where = conditions(input, today)
  if (where === null) return { rows: [], next: null, total: 0 }
  const all = join(where, ' AND ')
  const [key, id] = cursorParts(input.after ?? '')
  const after =
    input.after === null
      ? sql``
      : input.due === 'any'
        ? sql`AND s.entry_id > ${id}`
        : sql`AND (${KEY[input.due]}, s.entry_id) > (${key}, ${id})`
  const rows = db.all<Row>(sql`SELECT ${columns} FROM roster_state s JOIN roster_entry r ON r.id = s.entry_id
    WHERE ${all} ${after} ORDER BY ${ORDER[input.due]} LIMIT ${input.limit + 1}`)
  const units = unitNames(
    base,
    rows.map((row) => row.org_unit_id),
  )
  const keyOf = (row: Row): string =>
    input.due === 'visit' ? row.next_visit_on : input.due === 'review' ? row.review_on : ''
  return pageOf(
    rows,
    input.limit,
    cappedCount(db, sql`SELECT 1 FROM roster_state s WHERE ${all}`, input.after),
    {
      row: toRow(units, today),
      cursor: (row) => cursorOf(keyOf(row), row.id),
    },
  )
}

/** @throws AppError NOT_FOUND */
export function getRosterEntry(
  db: ReadableDb,
  base: ReadableDb,
  id: string,
  today: LocalDate,
): Output<'roster.get'> {
  const row = db.get<Row>(
    sql`SELECT ${columns} FROM roster_state s JOIN roster_entry r ON r.id = s.entry_id WHERE r.id = ${id}`,
  )
  const full = getRow(db, 'roster_entry', id)
  if (row === undefined || full === undefined) {
    throw new AppError('NOT_FOUND', '没有找到这条记录，可能尚未收到。')
  }
  const visits = db.all<{
    id: string
    visited_on: string
    body: string
    recorded_by: string
    next_on: string
  }>(
    sql`SELECT id, visited_on, body, recorded_by, next_on FROM roster_visit WHERE entry_id = ${id}
      ORDER BY visited_on DESC, recorded_at DESC, id`,
  )
  const names = staffNames(
    base,
    visits.map((visit) => visit.recorded_by),
  )
  return {
    ...toRow(unitNames(base, [full.org_unit_id]), today)(row),
    gender: full.gender,
    birthDate: full.birth_date,
    idNumber: new Marked('idNumber', full.id_number),
    phone: new Marked('phone', full.phone),
    address: new Marked('address', full.address),
    orgUnitId: full.org_unit_id,
    sourceDocument: full.source_document,
    approver: full.approver,
    legalBasis: full.legal_basis,
    supportGroup: full.support_group,
    note: full.note,
    visits: visits.map((visit) => ({
      id: visit.id,
      visitedOn: visit.visited_on,
      text: visit.body,
      by: names.get(visit.recorded_by) ?? NOT_ARRIVED,
      nextOn: visit.next_on,
    })),
    basis: applyCounter(db),
  }
}
