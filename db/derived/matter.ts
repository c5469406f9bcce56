/** State rows of a matter and its handlings, computed from its rows and events alone. */
import type { DueStamp } from '../../domain/course/deadlines'
import type { RegisterState } from '../../domain/course/fold'
import { STATES } from '../../domain/course/states'
import { matterState } from '../../domain/course/steps'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import { courseOf, handlingRegister, ownRegister, type CourseRow } from './course'

export interface MatterStateRow {
  readonly matter_id: string
  readonly number_text: string
  readonly title: string
  readonly dispute: string
  readonly org_unit_id: string
  readonly registered_on: string
  readonly registered_at: number
  readonly registered_by: string
  readonly confidentiality: string
  readonly state: string
  readonly state_text: string
  readonly category: string
  readonly due_on: string
  readonly due_reason: string
  /** What a list by deadline sorts by: the date, then open ones without any, then the done. */
  readonly due_order: string
  /** JSON of `PartyKey[]`. */
  readonly parties: string
  /** JSON of staff ids. */
  readonly mediators: string
  readonly has_difference: number
}
export interface HandlingStateRow {
  readonly handling_id: string
  readonly matter_id: string
  readonly way: string
  /** Village of the matter. */
  readonly org_unit_id: string
  readonly dispute: string
  readonly opened_on: string
  readonly state: string
  readonly category: string
  readonly outcome: string
  readonly accepted_on: string
  readonly resolved_on: string
  readonly closed_on: string
  readonly suspended_on: string
  /** The deadline that presses now. */
  readonly due_on: string
  /** Last day of the handling's own limit; stays after the result, so that lateness can be counted. */
  readonly limit_on: string
  readonly mediators: string
  readonly voided: number
}
export interface HandlingMediatorRow {
  readonly staff_id: string
  readonly handling_id: string
  readonly matter_id: string
  readonly category: string
}
/** A party as lists show it; `birthDate` tells a minor on the day it is shown. */
export interface PartyKey {
  readonly name: string
  readonly birthDate: string
  readonly role: string
}
export interface MatterDerived {
  readonly matter: MatterStateRow
  readonly handlings: readonly HandlingStateRow[]
  readonly mediators: readonly HandlingMediatorRow[]
}

interface MatterRow {
  readonly id: string
  readonly title: string
  readonly category: string
  readonly org_unit_id: string | null
  readonly registered_on: string
  readonly registered_at: number
  readonly registered_by: string | null
  readonly confidentiality: string
}

/** @returns the number of a row, the valid one first, or empty. */
export function numberOf(db: ReadableDb, subjectTable: string, subjectId: string): string {
  const row = db.get<{ number_text: string }>(sql`SELECT number_text FROM number_issue
    WHERE subject_id = ${subjectId} AND subject_table = ${subjectTable}
    ORDER BY voided, year, terminal_number, serial LIMIT 1`)
  return row?.number_text ?? ''
}

/** @returns parties in the order of their roles; a person's name as it is on record now. */
export function partyKeys(db: ReadableDb, matterId: string): PartyKey[] {
  return db.all<PartyKey>(sql`SELECT COALESCE(NULLIF(q.name, ''), p.name) AS name,
      COALESCE(q.birth_date, '') AS birthDate, p.role AS role
    FROM matter_party p LEFT JOIN person q ON q.id = p.person_id
    WHERE p.matter_id = ${matterId} AND p.removed = 0
    ORDER BY CASE p.role WHEN 'applicant' THEN 0 WHEN 'respondent' THEN 1 ELSE 2 END, p.id`)
}

/** @returns what is derived of a matter, or undefined when there is no such row (not arrived, or erased). */
export function deriveMatter(db: ReadableDb, matterId: string): MatterDerived | undefined {
  const row = db.get<MatterRow>(sql`SELECT id, title, category, org_unit_id, registered_on, registered_at,
      registered_by, confidentiality FROM matter WHERE id = ${matterId}`)
  if (row === undefined) return undefined
  const course = courseOf(db, matterId)
  const own = ownRegister(course)
  const stored = db.all<{ id: string; way: string; opened_on: string }>(
    sql`SELECT id, way, opened_on FROM handling WHERE matter_id = ${matterId} ORDER BY id`,
  )
  const registers = stored.map((handling) => handlingRegister(course, handling.id))
  const whole = matterState(own, registers)
  const mediators = [...new Set(registers.flatMap((register) => register.mediatorIds))].sort()
  const handlings = stored.map((handling, index) =>
    handlingRow(row, handling, registers[index] ?? own, course, own.state === 'void'),
  )
  return {
    matter: {
      matter_id: row.id,
      number_text: numberOf(db, 'matter', row.id),
      title: row.title,
      dispute: row.category,
      org_unit_id: row.org_unit_id ?? '',
      registered_on: row.registered_on,
      registered_at: row.registered_at,
      registered_by: row.registered_by ?? '',
      confidentiality: row.confidentiality,
      state: whole.state,
      state_text: whole.stateText,
      category: whole.category,
      due_on: whole.due?.dueOn ?? '',
      due_reason: whole.due?.reason ?? '',
      due_order: whole.due?.dueOn ?? (whole.category === 'done' ? '9999-99-99' : '9999-00-00'),
      parties: JSON.stringify(partyKeys(db, matterId)),
      mediators: JSON.stringify(mediators),
      has_difference: whole.hasDifference ? 1 : 0,
    },
    handlings,
    mediators: handlings.flatMap((handling, index) =>
      (registers[index]?.mediatorIds ?? []).map((staffId) => ({
        staff_id: staffId,
        handling_id: handling.handling_id,
        matter_id: matterId,
        category: handling.category,
      })),
    ),
  }
}

function handlingRow(
  matter: MatterRow,
  handling: { readonly id: string; readonly way: string; readonly opened_on: string },
  register: RegisterState,
  course: readonly CourseRow[],
  voided: boolean,
): HandlingStateRow {
  const state = register.state ?? 'registered'
  const { category } = STATES[state]
  const lastStep = course.filter((event) => register.heads.includes(event.id)).at(-1)
  return {
    handling_id: handling.id,
    matter_id: matter.id,
    way: handling.way,
    org_unit_id: matter.org_unit_id ?? '',
    dispute: matter.category,
    opened_on: handling.opened_on,
    state,
    category,
    outcome: register.outcome ?? '',
    accepted_on: register.acceptedOn ?? '',
    resolved_on: register.outcomeOn ?? '',
    closed_on: category === 'done' ? (lastStep?.happenedOn ?? '') : '',
    suspended_on: register.suspendedOn ?? '',
    due_on: register.due?.dueOn ?? '',
    limit_on: limitOf(handling.id, register.stamp, course),
    mediators: JSON.stringify(register.mediatorIds),
    voided: voided ? 1 : 0,
  }
}

/** The day agreed for performance is not a limit of the handling: then the last one written before it counts. */
function limitOf(handlingId: string, stamp: DueStamp | null, course: readonly CourseRow[]): string {
  if (stamp === null) return ''
  if (stamp.rule !== 'performance') return stamp.dueOn
  const limits = course.flatMap((event) => {
    const due = event.data['due'] as Partial<DueStamp> | null | undefined
    const counts = event.handlingId === handlingId && due !== null && typeof due === 'object'
    return counts && due.rule !== 'performance' && typeof due.dueOn === 'string' ? [due.dueOn] : []
  })
  return limits.at(-1) ?? ''
}
