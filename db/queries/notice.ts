/** What a notice prints. */
import { localDateOf, type LocalDate } from '../../domain/clock'
import type { Input, Output } from '../../domain/contract/index'
import { buildNotice, type NoticeInput } from '../../domain/documents/notice'
import { AppError } from '../../domain/errors'
import { courseOf, handlingRegister, type CourseRow } from '../derived/course'
import type { PartyKey } from '../derived/matter'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { listName } from '../visibility/minor'
import { staffNames } from '../visibility/viewer'
import { visitVisible } from '../visibility/visit'
import { codeText } from './codes'
import { longNumberOf, requireStory, stateRow } from './matter-detail'
import type { ListedMatter } from './matter-row'
import { centreOf, unitNames } from './names'

type Kind = NoticeInput['kind']
/** The step each paper tells of; a receipt tells of the visit itself. */
const STEP: Readonly<Record<Kind, string | null>> = {
  visit_receipt: null,
  acceptance: 'accepted',
  refusal: 'refused',
}

/**
 * Names on a notice are those of the two sides; addresses and telephones are on none.
 * @throws AppError NOT_FOUND, NEEDS_CONFIRMATION for a sensitive matter of others, STEP_NOT_ALLOWED
 */
export function noticeOf(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'notice.get'>,
  today: LocalDate,
): Output<'notice.get'> {
  const state = stateRow(db, viewer, input.matterId)
  requireStory(db, state, '')
  const course = courseOf(db, input.matterId)
  const step = STEP[input.kind]
  const event = step === null ? undefined : course.filter((one) => one.kind === step).at(-1)
  if (step !== null && event === undefined) {
    const missing = step === 'accepted' ? '受理' : '决定不予受理'
    throw new AppError('STEP_NOT_ALLOWED', `这件事项还没有${missing}，不能打印这份告知书。请先办理这一步。`)
  }
  const handling = handlingOf(db, input.matterId, event?.handlingId ?? null)
  const visit = visitOf(db, viewer, input)
  const parties = JSON.parse(state.parties) as PartyKey[]
  const named = (role: (party: PartyKey) => boolean): string[] =>
    parties.filter(role).map((party) => listName(party.name, party.birthDate, today))
  const register = handling === undefined ? undefined : handlingRegister(course, handling.id)
  const actor = event?.actedBy ?? visit?.receiver_id ?? state.registered_by
  const handler = register?.mediatorIds[0] ?? actor
  const due = dueOf(event, state, register)
  return buildNotice({
    kind: input.kind,
    centreName: centreOf(db).name,
    centrePhone: '',
    code: longNumberOf(db, input.matterId),
    date: event?.happenedOn ?? (visit === undefined ? state.registered_on : localDateOf(visit.arrived_at)),
    visitor:
      input.kind === 'visit_receipt' && visit?.name
        ? listName(visit.name, visit.birth_date, today)
        : named((party) => party.role === 'applicant').join('、'),
    matter: state.title,
    opponents: named((party) => party.role === 'respondent'),
    wayText: handling === undefined ? '' : codeText(db, 'way', handling.way),
    unitName: unitNames(db, [handling?.org_unit_id ?? null]).get(handling?.org_unit_id ?? '') ?? '',
    staffName: staffNames(db, [handler]).get(handler) ?? '',
    dueOn: due.dueOn,
    dueReason: due.reason,
    text: event === undefined ? (visit?.reply ?? '') : textOf(event),
  })
}

/** The deadline as the step wrote it, so that a paper printed again says the same. */
function dueOf(
  event: CourseRow | undefined,
  state: ListedMatter,
  register: { readonly due: { readonly dueOn: string; readonly reason: string } | null } | undefined,
): { readonly dueOn: string; readonly reason: string } {
  const written = event?.data['due'] as { readonly dueOn?: unknown; readonly reason?: unknown } | undefined
  if (typeof written?.dueOn === 'string')
    return { dueOn: written.dueOn, reason: typeof written.reason === 'string' ? written.reason : '' }
  if (event !== undefined) return { dueOn: '', reason: '' }
  return register?.due ?? { dueOn: state.due_on, reason: state.due_reason }
}

const textOf = (event: CourseRow): string => {
  const text = event.data['reason'] ?? event.data['text']
  return typeof text === 'string' ? text : ''
}

interface HandlingRow {
  readonly id: string
  readonly way: string
  readonly org_unit_id: string | null
}
function handlingOf(db: ReadableDb, matterId: string, id: string | null): HandlingRow | undefined {
  const which = id === null ? sql`` : sql`AND id = ${id}`
  return db.get<HandlingRow>(sql`SELECT id, way, org_unit_id FROM handling
    WHERE matter_id = ${matterId} ${which} ORDER BY opened_on DESC, id DESC LIMIT 1`)
}

interface VisitRow {
  readonly arrived_at: number
  readonly reply: string
  readonly receiver_id: string | null
  readonly name: string
  readonly birth_date: string
}
/** The visit asked for, or the latest of the matter. */
function visitOf(db: ReadableDb, viewer: Viewer, input: Input<'notice.get'>): VisitRow | undefined {
  const which = input.visitId === null ? sql`` : sql`AND v.id = ${input.visitId}`
  return db.get<VisitRow>(sql`SELECT v.arrived_at, v.reply, v.receiver_id, COALESCE(p.name, '') AS name,
      COALESCE(p.birth_date, '') AS birth_date
    FROM visit v LEFT JOIN person p ON p.id = v.person_id
    WHERE v.matter_id = ${input.matterId} AND ${visitVisible(viewer, sql`v`)} ${which}
    ORDER BY v.arrived_at DESC, v.id DESC LIMIT 1`)
}
