/** What may be done next, whether a step is in order, which deadline it starts, and the matter's state as a whole. */
import type { LocalDate } from '../clock'
import type { Post } from '../posts'
import { isRealDate } from '../calendar/workdays'
import type { WorkCalendar } from '../calendar/data'
import {
  DUE_RULES,
  dueByAgreement,
  dueFor,
  extendDue,
  latestExtension,
  resumeDue,
  type DueRule,
  type DueStamp,
} from './deadlines'
import type { CourseField, CourseKind } from './declare'
import { earliestDue, type RegisterState } from './fold'
import { COURSE_KINDS, courseKind, type SteeringKind } from './kinds'
import { STATES, type CourseState, type StateCategory } from './states'

export type StepCheck =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string; readonly field?: string }

function fits(kind: CourseKind, state: RegisterState): boolean {
  if (!kind.steering || (kind.register !== 'any' && kind.register !== state.register)) return false
  return kind.from.includes(state.state ?? 'start')
}

/** @returns the steering kinds that are legal from the shown head and that this post may make. */
export function legalNext(state: RegisterState, post: Post): SteeringKind[] {
  return (Object.keys(COURSE_KINDS) as SteeringKind[]).filter((name) => {
    const kind = COURSE_KINDS[name]
    return fits(kind, state) && kind.posts.includes(post)
  })
}

const bad = (message: string, field?: string): StepCheck =>
  field === undefined ? { ok: false, message } : { ok: false, message, field }

function fieldProblem(field: CourseField, value: unknown): string | null {
  switch (field.type) {
    case 'text':
      if (typeof value !== 'string') return `${field.label}应为文字`
      return [...value].length > (field.max ?? 2000) ? `${field.label}最多 ${field.max ?? 2000} 个字` : null
    case 'date':
    case 'dueChange':
      return typeof value === 'string' && isRealDate(value) ? null : `${field.label}应为日期，如 2026-03-01`
    case 'fen':
      return Number.isSafeInteger(value) && Number(value) >= 0 ? null : `${field.label}应为不小于零的金额`
    case 'staff':
      return typeof value === 'string' ? null : `请选择${field.label}`
    case 'staffList':
      return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '')
        ? null
        : `请选择${field.label}`
    case 'choice':
      return field.options?.some((option) => option.value === value) === true ? null : `请选择${field.label}`
  }
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
const tidy = (value: unknown): unknown =>
  typeof value === 'string'
    ? value.normalize('NFC').trim()
    : Array.isArray(value)
      ? [...new Set(value)]
      : value

/** @returns the data of a step or record, trimmed and without blanks, or what is wrong with it and where. */
export function checkCourseData(kindName: string, data: Readonly<Record<string, unknown>>): StepCheck {
  const kind = courseKind(kindName)
  if (kind === undefined) return bad(`本版本没有“${kindName}”这一步，内容未保存。请升级后再办。`)
  const extra = Object.keys(data).find((name) => !Object.hasOwn(kind.data, name))
  if (extra !== undefined) return bad(`“${kind.text}”没有“${extra}”这一项，内容未保存。`, extra)
  const clean: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(kind.data)) {
    const value = tidy(data[name])
    if (isBlank(value)) {
      if (field.required) return bad(`请填写${field.label}，内容未保存。`, name)
      continue
    }
    const problem = fieldProblem(field, value)
    if (problem !== null) return bad(`${problem}，内容未保存。`, name)
    clean[name] = value
  }
  return { ok: true, data: clean }
}

/**
 * Legality of a steering step, checked once, when it is made, against the head the person saw; nothing becomes illegal
 * later. Decisions between heads do not pass here (`course.decide`).
 * @param actorId who acts (not who types)
 */
export function checkStep(
  state: RegisterState,
  kindName: string,
  data: Readonly<Record<string, unknown>>,
  actorId: string | null = null,
): StepCheck {
  const kind = courseKind(kindName)
  if (kind === undefined || !kind.steering) return checkCourseData(kindName, data)
  if (!fits(kind, state)) {
    return bad(`目前是“${state.stateText}”，不能“${kind.text}”。内容未保存，请刷新后再看下一步。`)
  }
  if (kind.notByHandler === true && actorId !== null && state.handlerIds.includes(actorId)) {
    return bad('核验不能由承办人本人进行，内容未保存。请由其他工作人员向当事人核实。')
  }
  const checked = checkCourseData(kindName, data)
  const to = data['to']
  if (
    checked.ok &&
    kind.startsDue === 'extension' &&
    state.stamp !== null &&
    String(to) <= state.stamp.dueOn
  ) {
    return bad(`延长后的日期应晚于现在的期限 ${state.stamp.dueOn}，内容未保存。`, 'to')
  }
  return checked
}

/** Rules of a handling's way: for the decision to accept, and for the handling itself. Null: no limit runs. */
export interface WayDueRules {
  readonly acceptance: DueRule | null
  readonly way: DueRule | null
}

/**
 * @param data already checked by `checkStep`
 * @param happenedOn the day the step happened, from which the limit runs
 * @param rules of the handling's way (`wayDueRules`)
 * @returns what goes into `data.due` of the event, or null when the step starts no deadline
 */
export function stampDue(step: {
  readonly kind: string
  readonly data: Readonly<Record<string, unknown>>
  readonly happenedOn: LocalDate
  readonly state: RegisterState
  readonly rules: WayDueRules
  readonly calendar: WorkCalendar
}): DueStamp | null {
  const { data, happenedOn, state, rules, calendar } = step
  const count = (rule: DueRule | null): DueStamp | null =>
    rule === null ? null : dueFor(rule, happenedOn, calendar)
  switch (courseKind(step.kind)?.startsDue) {
    case 'acceptance':
      return count(rules.acceptance)
    case 'way':
      return step.kind === 'verified' && data['result'] !== 'not' ? null : count(rules.way)
    case 'performBy':
      return typeof data['performBy'] === 'string' ? dueByAgreement(data['performBy'], calendar) : null
    case 'extension':
      return state.stamp === null ? null : extended(state.stamp, String(data['to']), calendar)
    case 'resume':
      if (state.stamp === null || state.suspendedOn === null) return null
      return resumeDue(state.stamp, state.suspendedOn, happenedOn, calendar)
    case undefined:
      return null
  }
}

function extended(due: DueStamp, to: LocalDate, calendar: WorkCalendar): DueStamp {
  const rule = DUE_RULES[due.rule]
  const latest = rule === undefined ? null : latestExtension(rule, due, calendar)
  const beyond = latest !== null && to > latest ? `（超过该时限一般可延长到的 ${latest}）` : ''
  return extendDue(due, to, `双方当事人同意${beyond}`, calendar)
}

export interface MatterState {
  readonly state: CourseState
  readonly stateText: string
  readonly category: StateCategory
  readonly due: DueStamp | null
  /** Two desks steered apart somewhere. */
  readonly hasDifference: boolean
}

/** Whose turn is most urgent: shown for the matter when its handlings stand differently. */
const PRESSING: readonly CourseState[] = [
  'registered',
  'returned',
  'reopened',
  'accepted',
  'assigned',
  'breached',
  'in_progress',
  'suspended',
  'partly_fulfilled',
  'agreed',
  'not_reached',
  'withdrawn',
  'answered',
  'eased',
  'fulfilled',
  'verified',
  'closed',
  'refused',
]

/**
 * The matter's state, folded from its own register and its handlings', so that two handlings never quarrel.
 * @param own the matter's register
 * @param handlings the registers of its handlings, in any order
 */
export function matterState(own: RegisterState, handlings: readonly RegisterState[]): MatterState {
  const hasDifference = [own, ...handlings].some((one) => one.otherHeads.length > 0)
  const ownState = own.state ?? 'active'
  const pressing = [...handlings].sort(
    (a, b) => PRESSING.indexOf(a.state ?? 'registered') - PRESSING.indexOf(b.state ?? 'registered'),
  )[0]
  const whole = ownState === 'void' || ownState === 'archived' || pressing === undefined
  const state = whole ? ownState : (pressing.state ?? 'registered')
  const due = whole ? null : earliestDue(handlings.map((one) => one.due))
  const stateText = whole ? STATES[state].text : pressing.stateText
  return { state, stateText, category: STATES[state].category, due, hasDifference }
}
