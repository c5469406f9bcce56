/** Steps of a matter's course (DESIGN.md section 3, "Course"). */
import { SHIPPED_CALENDAR } from '../../domain/calendar/data'
import { isRealDate } from '../../domain/calendar/workdays'
import { localDateOf } from '../../domain/clock'
import { wayDueRules } from '../../domain/codes/ways'
import type { Input } from '../../domain/contract/index'
import type { RegisterState } from '../../domain/course/fold'
import { courseKind, courseKindText } from '../../domain/course/kinds'
import { checkCourseData, checkStep, stampDue, type StepCheck } from '../../domain/course/steps'
import { AppError } from '../../domain/errors'
import type { Post } from '../../domain/posts'
import { courseOf, handlingRegister, ownRegister } from '../derived/course'
import { voidNumber } from '../numbers'
import { getRow, insertRow } from '../rows'
import { list, sql } from '../sql'
import type { Viewer, WriteTx } from '../store'
import { requireMatter, requireStaff } from './guard'
import { requireNotRecused } from './recusal'

export type StepData = Readonly<Record<string, unknown>>
export interface Step {
  readonly matterId: string
  readonly handlingId: string | null
  readonly kind: string
  readonly parents: readonly string[]
  readonly data: StepData
  readonly happenedOn: string
  /** 代录: whose act is typed; null: the viewer's own. */
  readonly actedBy: string | null
}

/** Inserts an event as it stands: legality is the caller's. Who typed it is named only where somebody else acted. */
export function insertEvent(tx: WriteTx, viewer: Viewer, step: Step): string {
  const forOther = step.actedBy !== null && step.actedBy !== viewer.staffId
  return insertRow(tx, 'course_event', {
    matter_id: step.matterId,
    handling_id: step.handlingId,
    kind: step.kind,
    parents: step.parents,
    data: step.data,
    happened_on: step.happenedOn,
    recorded_at: tx.now,
    acted_by: step.actedBy ?? viewer.staffId,
    typed_by: forOther ? viewer.staffId : null,
  })
}

function checked(check: StepCheck): StepData {
  if (check.ok) return check.data
  throw new AppError(check.field === undefined ? 'STEP_NOT_ALLOWED' : 'BAD_INPUT', check.message, {
    ...(check.field === undefined ? {} : { field: check.field }),
  })
}

function requirePastDate(tx: WriteTx, date: string): void {
  const today = localDateOf(tx.now)
  if (isRealDate(date) && date <= today) return
  throw new AppError('BAD_INPUT', `发生日期应是不晚于今天（${today}）的日期，内容未保存。请改正后再保存。`, {
    field: 'happenedOn',
  })
}

function registerOf(tx: WriteTx, matterId: string, handlingId: string | null): RegisterState {
  const course = courseOf(tx, matterId)
  const own = ownRegister(course)
  if (handlingId === null) return own
  if (getRow(tx, 'handling', handlingId)?.matter_id !== matterId) {
    throw new AppError('NOT_FOUND', '没有找到这项办理，可能尚未收到。内容未保存，请刷新后再试。')
  }
  if (own.state === 'void' || own.state === 'archived') {
    throw new AppError('STEP_NOT_ALLOWED', `这件事项${own.stateText}，不能再办理。内容未保存。`)
  }
  return handlingRegister(course, handlingId)
}

/** The basis of a step is what was shown: other heads now mean somebody else went on meanwhile. */
function requireHeads(
  shown: readonly string[],
  now: readonly string[],
  step: { readonly mine: string; readonly theirs: string },
): void {
  if (JSON.stringify([...new Set(shown)].sort()) === JSON.stringify([...now].sort())) return
  throw new AppError(
    'CHANGED_MEANWHILE',
    `您打开之后，办理状态已变为“${step.theirs}”，这一步没有保存，您填的内容还在。请看过最新经过再决定。`,
    { data: { conflicts: [{ field: 'state', label: '办理状态', ...step }] } },
  )
}

/** A younger colleague types what the mediator did; what only a director or the office may do is not typed for others. */
function mayStep(tx: WriteTx, viewer: Viewer, posts: readonly Post[], actedBy: string | null): boolean {
  if (posts.includes(viewer.post)) return true
  if (actedBy === null || !posts.includes('mediator')) return false
  return (
    tx.get(sql`SELECT 1 FROM staff_post WHERE staff_id = ${actedBy} AND active = 1
      AND post IN ${list(posts)}`) !== undefined
  )
}

function requireMayStep(tx: WriteTx, viewer: Viewer, register: RegisterState, step: Step): void {
  const kind = courseKind(step.kind)
  const actor = step.actedBy ?? viewer.staffId
  if (kind !== undefined && !mayStep(tx, viewer, kind.posts, step.actedBy)) {
    throw new AppError('FORBIDDEN', `当前岗位不能“${kind.text}”，内容未保存。请由有权限的岗位办理。`)
  }
  // A mediator works on what was assigned; the director may step in anywhere.
  const mediating = viewer.post === 'mediator' || !kind?.posts.includes(viewer.post)
  if (mediating && step.handlingId !== null && !register.mediatorIds.includes(actor)) {
    throw new AppError('FORBIDDEN', '只有承办的调解员才能办理这一步，内容未保存。请联系主任指派。')
  }
  if (kind?.notByHandler === true && register.handlerIds.includes(viewer.staffId)) {
    throw new AppError(
      'STEP_NOT_ALLOWED',
      '核验不能由承办人本人录入，内容未保存。请由其他工作人员核实后录入。',
    )
  }
}

/**
 * One steering step on the head that was shown. Its deadline is counted here once and written into it.
 * @returns the event's id
 * @throws AppError NOT_FOUND, CHANGED_MEANWHILE, FORBIDDEN, STEP_NOT_ALLOWED, BAD_INPUT with the field
 */
export function steerCourse(tx: WriteTx, viewer: Viewer, input: Input<'course.steer'>): string {
  const { matterId, handlingId, basis, patch } = input
  requireMatter(tx, viewer, matterId)
  requireStaff(tx, patch.actedBy, 'actedBy')
  requirePastDate(tx, patch.happenedOn)
  const register = registerOf(tx, matterId, handlingId)
  requireHeads(basis, register.heads, { mine: courseKindText(patch.kind), theirs: register.stateText })
  if (courseKind(patch.kind)?.steering !== true || patch.kind === 'decided') {
    throw new AppError('STEP_NOT_ALLOWED', `“${courseKindText(patch.kind)}”不是这里能办的一步，内容未保存。`)
  }
  const step: Step = { ...patch, matterId, handlingId, parents: register.heads }
  requireMayStep(tx, viewer, register, step)
  const data = checked(checkStep(register, patch.kind, patch.data, patch.actedBy ?? viewer.staffId))
  if (patch.kind === 'assigned') requireNotRecused(tx, matterId, data['mediatorIds'] as string[])
  const eventId = insertEvent(tx, viewer, { ...step, data: withDue(tx, register, step, data) })
  if (patch.kind === 'void') voidNumber(tx, 'matter', matterId, String(data['reason']))
  return eventId
}

/** @returns the data with the deadline that the step starts, if any. */
export function withDue(tx: WriteTx, state: RegisterState, step: Step, data: StepData): StepData {
  if (step.handlingId === null) return data
  const rules = wayDueRules(getRow(tx, 'handling', step.handlingId)?.way ?? '')
  const due = stampDue({
    kind: step.kind,
    data,
    happenedOn: step.happenedOn,
    state,
    rules,
    calendar: SHIPPED_CALENDAR,
  })
  return due === null ? data : { ...data, due }
}

/** 作废登记: the number stays, marked void with its reason. @throws AppError as `steerCourse` */
export function voidMatter(tx: WriteTx, viewer: Viewer, input: Input<'matter.void'>): void {
  const { requestId, matterId, basis, patch } = input
  const happenedOn = localDateOf(tx.now)
  const data = { reason: patch.reason }
  steerCourse(tx, viewer, {
    requestId,
    matterId,
    handlingId: null,
    basis,
    patch: { kind: 'void', happenedOn, actedBy: null, data },
  })
}

/** A director's decision between heads: names all of them and states the result. @throws AppError as `steerCourse` */
export function decideCourse(tx: WriteTx, viewer: Viewer, input: Input<'course.decide'>): string {
  const { matterId, handlingId, basis, patch } = input
  requireMatter(tx, viewer, matterId)
  const register = registerOf(tx, matterId, handlingId)
  requireHeads(basis, register.allHeads, { mine: '裁定办理状态', theirs: register.stateText })
  const other = register.otherHeads.find((head) => head.id === patch.chosenHead)
  const chosen = other ?? (register.heads.includes(patch.chosenHead) ? register : undefined)
  if (register.otherHeads.length === 0 || chosen === undefined) {
    throw new AppError('STEP_NOT_ALLOWED', '这里没有需要裁定的不一致，没有改动。请刷新后再看。')
  }
  const data = { chosen: patch.chosenHead, state: chosen.state ?? '', reason: patch.reason }
  return insertEvent(tx, viewer, {
    matterId,
    handlingId,
    kind: 'decided',
    parents: register.allHeads,
    data: checked(checkCourseData('decided', data)),
    happenedOn: localDateOf(tx.now),
    actedBy: null,
  })
}

/** A recording event: legal at any time. @throws AppError NOT_FOUND, BAD_INPUT with the field */
export function recordEvent(tx: WriteTx, viewer: Viewer, input: Input<'course.record'>): string {
  const { matterId, handlingId, patch } = input
  requireMatter(tx, viewer, matterId)
  requireStaff(tx, patch.actedBy, 'actedBy')
  requirePastDate(tx, patch.happenedOn)
  if (handlingId !== null && getRow(tx, 'handling', handlingId)?.matter_id !== matterId) {
    throw new AppError('NOT_FOUND', '没有找到这项办理，可能尚未收到。内容未保存，请刷新后再试。')
  }
  const fields = courseKind(patch.kind)?.data ?? {}
  const given = Object.entries(patch).filter(([name]) => Object.hasOwn(fields, name))
  const data = checked(checkCourseData(patch.kind, Object.fromEntries(given)))
  if (
    patch.kind === 'correction' &&
    getRow(tx, 'course_event', String(data['corrects']))?.matter_id !== matterId
  ) {
    throw new AppError('BAD_INPUT', '没有找到要更正的记录，内容未保存。', { field: 'corrects' })
  }
  const { kind, happenedOn, actedBy } = patch
  return insertEvent(tx, viewer, { matterId, handlingId, kind, parents: [], data, happenedOn, actedBy })
}
