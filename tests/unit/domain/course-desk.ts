/** A desk that makes course events as the core would: checked against the state it sees, deadlines stamped. */
import { SHIPPED_CALENDAR } from '../../../domain/calendar/data'
import { DUE_RULES } from '../../../domain/course/deadlines'
import { foldRegister, type CourseEvent, type RegisterState } from '../../../domain/course/fold'
import { checkStep, stampDue } from '../../../domain/course/steps'

const rules = { acceptance: null, way: DUE_RULES['mediation'] ?? null }

/** One desk: makes events as the core would, checked against the state it sees. */
export function desk(
  start: readonly CourseEvent[] = [],
  replica = 'a',
  register: 'handling' | 'matter' = 'handling',
) {
  const events = [...start]
  const state = (): RegisterState => foldRegister(register, events)
  return {
    events,
    state,
    step(
      kind: string,
      data: Record<string, unknown> = {},
      happenedOn = '2026-11-04',
      actedBy = 'boss',
    ): string {
      const seen = state()
      const checked = checkStep(seen, kind, data, actedBy)
      if (!checked.ok) throw new Error(checked.message)
      const due = stampDue({
        kind,
        data: checked.data,
        happenedOn,
        state: seen,
        rules,
        calendar: SHIPPED_CALENDAR,
      })
      const lamport = Math.max(0, ...events.map((event) => event.order.lamport)) + 1
      const event: CourseEvent = {
        id: `${replica}${lamport}`,
        kind,
        parents: seen.heads,
        data: due === null ? checked.data : { ...checked.data, due },
        happenedOn,
        order: { lamport, replica },
        actedBy,
      }
      events.push(event)
      return event.id
    },
  }
}
export const union = (...desks: { readonly events: readonly CourseEvent[] }[]): CourseEvent[] => [
  ...new Map(desks.flatMap((one) => one.events).map((event) => [event.id, event])).values(),
]
export function working(): ReturnType<typeof desk> {
  const one = desk()
  one.step('opened')
  one.step('accepted')
  one.step('assigned', { mediatorIds: ['m1'] })
  one.step('signed_for', {}, '2026-11-05', 'm1')
  return one
}
export const AGREED = { form: 'oral', text: '赔 3000 元', amountFen: 300_000, performBy: '2026-11-15' }
