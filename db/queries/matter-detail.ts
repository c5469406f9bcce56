/** One matter with everything that belongs to it. */
import type { LocalDate } from '../../domain/clock'
import { codeName } from '../../domain/codes/shipped'
import type { HandlingView, MatterDetail, PartyView } from '../../domain/contract/matter'
import type { Input, Output } from '../../domain/contract/index'
import type { RegisterState } from '../../domain/course/fold'
import { courseKindText, courseKind } from '../../domain/course/kinds'
import { legalNext } from '../../domain/course/steps'
import { AppError } from '../../domain/errors'
import { Marked } from '../../domain/marks'
import { longNumber } from '../../domain/numbers/number'
import { courseOf, handlingRegister, ownRegister, type CourseRow } from '../derived/course'
import type { ReadableDb } from '../handle'
import { applyCounter } from '../replication/basis'
import { getRow } from '../rows'
import { BASE_TABLES } from '../schema/base'
import { groupOf, type TableDecl } from '../schema/declare'
import { requireMatter } from '../services/guard'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { nameFor } from '../visibility/minor'
import { visitVisible } from '../visibility/visit'
import { staffNames } from '../visibility/viewer'
import { askHandler, dueView, handlerText, matterColumns, staffOf, type ListedMatter } from './matter-row'
import { codeText } from './codes'
import { centreOf, NOT_ARRIVED, unitNames } from './names'
import { timeline } from './timeline'

/** @returns the listed row of a matter. @throws AppError NOT_FOUND */
export function stateRow(db: ReadableDb, viewer: Viewer, id: string): ListedMatter {
  requireMatter(db, viewer, id)
  const row = db.get<ListedMatter>(
    sql`SELECT ${matterColumns(viewer, sql`s`)} FROM matter_state s WHERE s.matter_id = ${id}`,
  )
  if (row === undefined) throw new AppError('NOT_FOUND', '没有找到这件事项，可能尚未收到。')
  return row
}

/**
 * The story of a sensitive matter needs a reason from whoever has no task in it; it goes into the audit trail.
 * @throws AppError NEEDS_CONFIRMATION
 */
export function requireStory(db: ReadableDb, state: ListedMatter, reason: string): void {
  if (state.told === 1 || reason.trim() !== '') return
  const handler = handlerText(state, staffOf(db, [state]))
  throw new AppError(
    'NEEDS_CONFIRMATION',
    `${askHandler(handler)}。这是敏感事项，确需查看的请写明理由，理由会记入操作日志。`,
    { field: 'reason', data: { needs: 'reason' } },
  )
}

/** @throws AppError NOT_FOUND, NEEDS_CONFIRMATION */
export function getMatter(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'matter.get'>,
  today: LocalDate,
): Output<'matter.get'> {
  const state = stateRow(db, viewer, input.id)
  requireStory(db, state, input.reason)
  const row = getRow(db, 'matter', input.id)
  if (row === undefined) throw new AppError('NOT_FOUND', '没有找到这件事项，可能尚未收到。')
  const course = courseOf(db, input.id)
  const own = ownRegister(course)
  const staff = staffNames(db, staffIn(course))
  const units = unitNames(db, [row.org_unit_id])
  return {
    id: row.id,
    number: state.number_text,
    longNumber: longNumberOf(db, row.id),
    title: row.title,
    category: row.category,
    categoryText: codeText(db, 'category', row.category),
    orgUnitId: row.org_unit_id,
    village: row.org_unit_id === null ? '' : (units.get(row.org_unit_id) ?? NOT_ARRIVED),
    place: row.place,
    description: row.description,
    occurredOn: row.occurred_on,
    registeredOn: row.registered_on,
    headCount: row.head_count,
    amountFen: row.amount_fen,
    wanted: row.wanted,
    confidentiality: row.confidentiality,
    riskLevel: row.risk_level,
    state: state.state,
    stateText: state.state_text,
    heads: own.heads,
    due: dueView(state.due_on, state.due_reason, today),
    parties: partiesOf(db, row.id, today),
    respondentUnits:
      db.all(sql`SELECT r.id, r.org_unit_id AS orgUnitId, COALESCE(u.name, ${NOT_ARRIVED}) AS name
      FROM matter_respondent_unit r LEFT JOIN org_unit u ON u.id = r.org_unit_id
      WHERE r.matter_id = ${row.id} AND r.removed = 0 ORDER BY r.id`),
    handlings: handlingsOf(db, viewer, row.id, { course, own, staff }, today),
    course: timeline(course, staff),
    visits: visitsOf(db, viewer, row.id, today),
    differences: differencesOf(db, row.id),
    basis: applyCounter(db),
  }
}

const staffIn = (course: readonly CourseRow[]): (string | null)[] =>
  course.flatMap((event) => {
    const named = event.data['mediatorIds']
    return [event.actedBy, event.typedBy, ...(Array.isArray(named) ? named.map(String) : [])]
  })

/** @returns the number as papers print it, or empty while none is issued. */
export function longNumberOf(db: ReadableDb, matterId: string): string {
  const issued = db.get<{ year: number; terminal: string; serial: number }>(
    sql`SELECT year, terminal_number AS terminal, serial FROM number_issue
      WHERE subject_id = ${matterId} AND subject_table = 'matter' ORDER BY voided, id LIMIT 1`,
  )
  return issued === undefined ? '' : longNumber(centreOf(db).area_code, issued)
}

interface PartyRow {
  readonly id: string
  readonly person_id: string | null
  readonly role: string
  readonly name: string
  readonly birth_date: string
  readonly phone: string
  readonly address: string
  readonly address_secret: number
  readonly is_unit: number
}

function partiesOf(db: ReadableDb, matterId: string, today: LocalDate): PartyView[] {
  const rows =
    db.all<PartyRow>(sql`SELECT p.id, p.person_id, p.role, COALESCE(NULLIF(q.name, ''), p.name) AS name,
      COALESCE(q.birth_date, '') AS birth_date, COALESCE(NULLIF(p.phone, ''), q.phone, '') AS phone,
      COALESCE(NULLIF(p.address, ''), q.address, '') AS address,
      max(p.address_secret, COALESCE(q.address_secret, 0)) AS address_secret, p.is_unit
    FROM matter_party p LEFT JOIN person q ON q.id = p.person_id
    WHERE p.matter_id = ${matterId} AND p.removed = 0
    ORDER BY CASE p.role WHEN 'applicant' THEN 0 WHEN 'respondent' THEN 1 ELSE 2 END, p.id`)
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    role: row.role,
    roleText: codeName('party_role', row.role),
    name: nameFor(row.name, row.birth_date, today),
    phone: new Marked('phone', row.phone),
    address:
      row.address_secret === 1
        ? new Marked('secretAddress', row.address)
        : new Marked('address', row.address),
    isUnit: row.is_unit === 1,
  }))
}

interface Course {
  readonly course: readonly CourseRow[]
  readonly own: RegisterState
  readonly staff: ReadonlyMap<string, string>
}

/** Steps the viewer may make now: a mediator only in what was assigned. */
function nextKinds(viewer: Viewer, register: RegisterState, own: RegisterState): HandlingView['nextKinds'] {
  if (own.state === 'void' || own.state === 'archived') return []
  if (viewer.post === 'mediator' && !register.mediatorIds.includes(viewer.staffId)) return []
  return legalNext(register, viewer.post)
    .filter(
      (kind) => !(courseKind(kind)?.notByHandler === true && register.handlerIds.includes(viewer.staffId)),
    )
    .map((kind) => ({ kind, text: courseKindText(kind) }))
}

function handlingsOf(
  db: ReadableDb,
  viewer: Viewer,
  matterId: string,
  { course, own, staff }: Course,
  today: LocalDate,
): HandlingView[] {
  const rows = db.all<{ id: string; way: string; org_unit_id: string | null }>(
    sql`SELECT id, way, org_unit_id FROM handling WHERE matter_id = ${matterId} ORDER BY opened_on, id`,
  )
  const units = unitNames(
    db,
    rows.map((row) => row.org_unit_id),
  )
  return rows.map((row) => {
    const register = handlingRegister(course, row.id)
    return {
      id: row.id,
      way: row.way,
      wayText: codeText(db, 'way', row.way),
      unitName: row.org_unit_id === null ? '' : (units.get(row.org_unit_id) ?? NOT_ARRIVED),
      state: register.state ?? '',
      stateText: register.stateText,
      mediators: register.mediatorIds.map((staffId) => ({
        staffId,
        name: staff.get(staffId) ?? NOT_ARRIVED,
      })),
      due: dueView(register.due?.dueOn ?? '', register.due?.reason ?? '', today),
      heads: register.heads,
      otherHeads: register.otherHeads.map((head) => ({ eventId: head.id, text: head.stateText })),
      nextKinds: nextKinds(viewer, register, own),
    }
  })
}

function visitsOf(
  db: ReadableDb,
  viewer: Viewer,
  matterId: string,
  today: LocalDate,
): MatterDetail['visits'] {
  const rows = db.all<{
    id: string
    arrived_at: number
    wanted: string
    name: string | null
    birth_date: string | null
  }>(
    sql`SELECT v.id, v.arrived_at, v.wanted, p.name, p.birth_date
      FROM visit v LEFT JOIN person p ON p.id = v.person_id
      WHERE v.matter_id = ${matterId} AND ${visitVisible(viewer, sql`v`)} ORDER BY v.arrived_at DESC, v.id DESC`,
  )
  return rows.map((row) => ({
    id: row.id,
    arrivedAt: row.arrived_at,
    visitor: row.name === null ? NOT_ARRIVED : nameFor(row.name, row.birth_date ?? '', today),
    wanted: row.wanted,
  }))
}

/** Chinese names of the fields of this matter that stand in two values. */
function differencesOf(db: ReadableDb, matterId: string): string[] {
  const rows = db.all<{ tbl: string; grp: string }>(
    sql`SELECT tbl, grp FROM difference WHERE (tbl = 'matter' AND row_id = ${matterId})
      OR (tbl = 'matter_party' AND row_id IN (SELECT id FROM matter_party WHERE matter_id = ${matterId}))
      ORDER BY tbl, grp`,
  )
  const tables: Readonly<Record<string, TableDecl>> = BASE_TABLES
  return [
    ...new Set(
      rows.map(({ tbl, grp }) => {
        const decl = tables[tbl]
        const field = Object.entries(decl?.fields ?? {}).find(
          ([name]) => decl !== undefined && groupOf(decl, name) === grp,
        )
        return field?.[1].label ?? grp
      }),
    ),
  ]
}
