/** The course of a matter in words. */
import type { CourseEventView } from '../../domain/contract/matter'
import { courseKind, courseKindText } from '../../domain/course/kinds'
import type { CourseRow } from '../derived/course'
import { NOT_ARRIVED } from './names'

/** Fields whose value speaks for itself: no label before it. */
const PLAIN = new Set(['text', 'reason', 'note'])

const yuan = (fen: number): string =>
  `${(fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} 元`

interface Names {
  readonly staff: ReadonlyMap<string, string>
  /** Events of the same matter by id, for what a correction corrects. */
  readonly events: ReadonlyMap<string, CourseRow>
}

function valueText(name: string, value: unknown, event: CourseRow, names: Names): string {
  const field = courseKind(event.kind)?.data[name]
  switch (field?.type) {
    case 'fen':
      return typeof value === 'number' ? yuan(value) : ''
    case 'staff':
    case 'staffList':
      return (Array.isArray(value) ? value : [value])
        .map((id) => names.staff.get(String(id)) ?? NOT_ARRIVED)
        .join('、')
    case 'choice':
      return field.options?.find((option) => option.value === value)?.text ?? String(value)
    default:
      return typeof value === 'string' ? value : ''
  }
}

function referredEvent(value: unknown, names: Names): string {
  const event = names.events.get(String(value))
  return event === undefined ? NOT_ARRIVED : `${event.happenedOn} ${courseKindText(event.kind)}`
}

/** @returns what an event says, in one line of Chinese; details of a newer version are not guessed at. */
export function eventText(event: CourseRow, names: Names): string {
  const kind = courseKind(event.kind)
  if (kind === undefined) return '此步骤由新版本程序录入，升级后可看内容'
  const parts = Object.entries(kind.data).flatMap(([name, field]) => {
    const value = event.data[name]
    if (value === undefined || value === null || value === '') return []
    // Ids of events are for programs.
    if (name === 'chosen' || name === 'corrects') return [`${field.label}：${referredEvent(value, names)}`]
    if (name === 'state') return []
    const text = valueText(name, value, event, names)
    return text === '' ? [] : [PLAIN.has(name) ? text : `${field.label}：${text}`]
  })
  const due = event.data['due'] as { readonly dueOn?: unknown } | undefined
  if (typeof due?.dueOn === 'string') parts.push(`期限至 ${due.dueOn}`)
  return parts.join('；')
}

/** @returns events for the screen, by the day they happened, then in their order. */
export function timeline(
  course: readonly CourseRow[],
  staff: ReadonlyMap<string, string>,
): CourseEventView[] {
  const events = new Map(course.map((event) => [event.id, event]))
  const nameOf = (id: string | null): string => (id === null ? '' : (staff.get(id) ?? NOT_ARRIVED))
  return [...course]
    .sort((a, b) => (a.happenedOn < b.happenedOn ? -1 : a.happenedOn > b.happenedOn ? 1 : 0))
    .map((event) => ({
      id: event.id,
      handlingId: event.handlingId,
      kind: event.kind,
      kindText: courseKindText(event.kind),
      steering: courseKind(event.kind)?.steering ?? false,
      happenedOn: event.happenedOn,
      text: eventText(event, { staff, events }),
      actedBy: nameOf(event.actedBy),
      typedBy: nameOf(event.typedBy),
      unknown: courseKind(event.kind) === undefined,
    }))
}
