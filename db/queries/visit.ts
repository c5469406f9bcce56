/** The register of visits. */
import type { LocalDate } from '../../domain/clock'
import type { Input, Output } from '../../domain/contract/index'
import type { VisitRow } from '../../domain/contract/reception'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { isInsider } from '../visibility/matter'
import { nameFor } from '../visibility/minor'
import { visitVisible } from '../visibility/visit'
import { staffNames } from '../visibility/viewer'
import { NOT_ARRIVED } from './names'
import { cappedCount, cursorOf, cursorParts, pageOf } from './page'
import { excerpt } from './search'

interface Row {
  readonly id: string
  readonly arrived_at: number
  readonly arrived_on: string
  readonly is_question: number
  readonly person_id: string | null
  readonly name: string | null
  readonly birth_date: string | null
  readonly wanted: string
  readonly description: string
  readonly reply: string
  readonly matter_id: string | null
  readonly number_text: string | null
  readonly state_text: string | null
  readonly receiver_id: string | null
  readonly told: number
}

/** @returns visits of some days, the last first; those of matters refused to the viewer are not among them. */
export function listVisits(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'visit.list'>,
  today: LocalDate,
): Output<'visit.list'> {
  const where = sql`v.arrived_on >= ${input.from} AND v.arrived_on <= ${input.to} AND ${visitVisible(viewer, sql`v`)}`
  const [on, at, id] = cursorParts(input.after ?? '')
  const before =
    input.after === null ? sql`` : sql`AND (v.arrived_on, v.arrived_at, v.id) < (${on}, ${Number(at)}, ${id})`
  const rows = db.all<Row>(sql`SELECT v.id, v.arrived_at, v.arrived_on, v.is_question, v.person_id, p.name,
      p.birth_date, v.wanted, v.description, v.reply, v.matter_id, s.number_text, s.state_text, v.receiver_id,
      (v.matter_id IS NULL OR s.confidentiality = 'normal' OR ${isInsider(viewer, sql`s`)}) AS told
    FROM visit v LEFT JOIN person p ON p.id = v.person_id LEFT JOIN matter_state s ON s.matter_id = v.matter_id
    WHERE ${where} ${before}
    ORDER BY v.arrived_on DESC, v.arrived_at DESC, v.id DESC LIMIT ${input.limit + 1}`)
  const names = staffNames(
    db,
    rows.map((row) => row.receiver_id),
  )
  return pageOf(rows, input.limit, cappedCount(db, sql`SELECT 1 FROM visit v WHERE ${where}`, input.after), {
    row: (row): VisitRow => ({
      id: row.id,
      arrivedAt: row.arrived_at,
      visitor: visitorOf(row, today),
      wanted: row.told === 1 ? row.wanted : '',
      summary: row.told === 1 ? excerpt(row.description) : '敏感事项，请问承办人',
      matterId: row.matter_id,
      number: row.number_text ?? '',
      outcome: row.is_question === 1 ? '即问即答' : (row.state_text ?? ''),
      receiver: names.get(row.receiver_id ?? '') ?? '',
    }),
    cursor: (row) => cursorOf(row.arrived_on, row.arrived_at, row.id),
  })
}

function visitorOf(row: Row, today: LocalDate): VisitRow['visitor'] {
  if (row.person_id === null) return '未留姓名'
  return row.name === null ? NOT_ARRIVED : nameFor(row.name, row.birth_date ?? '', today)
}
