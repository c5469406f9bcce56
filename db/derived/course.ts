/** Events of a matter's course with the place of each in the one order, and what its registers fold to. */
import { foldRegister, type CourseEvent, type RegisterState } from '../../domain/course/fold'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'

export interface CourseRow extends CourseEvent {
  readonly handlingId: string | null
  readonly recordedAt: number
  readonly actedBy: string | null
  readonly typedBy: string | null
}

interface StoredEvent {
  readonly id: string
  readonly handling_id: string | null
  readonly kind: string
  readonly parents: string
  readonly data: string
  readonly happened_on: string
  readonly recorded_at: number
  readonly acted_by: string | null
  readonly typed_by: string | null
  readonly lamport: number | null
  readonly replica: string | null
}

function plainObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
function texts(text: string): string[] {
  const value: unknown = JSON.parse(text)
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/**
 * @returns the events of a matter, ordered by (lamport, replica). An event whose change is not stored any more (a
 * cleared fork) stands first.
 */
export function courseOf(db: ReadableDb, matterId: string): CourseRow[] {
  const rows = db.all<StoredEvent>(sql`
    SELECT e.id, e.handling_id, e.kind, e.parents, e.data, e.happened_on, e.recorded_at, e.acted_by, e.typed_by,
      c.lamport, c.replica
    FROM course_event e LEFT JOIN change c ON c.tbl = 'course_event' AND c.row_id = e.id
    WHERE e.matter_id = ${matterId} ORDER BY c.lamport, c.replica, e.id`)
  const seen = new Set<string>()
  return rows
    .filter((row) => !seen.has(row.id) && seen.add(row.id))
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      parents: texts(row.parents),
      data: plainObject(row.data),
      happenedOn: row.happened_on,
      order: { lamport: row.lamport ?? 0, replica: row.replica ?? '' },
      handlingId: row.handling_id,
      recordedAt: row.recorded_at,
      actedBy: row.acted_by,
      typedBy: row.typed_by,
    }))
}

/** @returns the register of the matter itself. */
export function ownRegister(course: readonly CourseRow[]): RegisterState {
  return foldRegister(
    'matter',
    course.filter((event) => event.handlingId === null),
  )
}

/** @returns the register of one handling. */
export function handlingRegister(course: readonly CourseRow[], handlingId: string): RegisterState {
  return foldRegister(
    'handling',
    course.filter((event) => event.handlingId === handlingId),
  )
}
