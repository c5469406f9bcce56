/** The course register is a function of the set of events: whatever the order of arrival, and whatever the events. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldRegister, type CourseEvent } from '../../domain/course/fold'
import { COURSE_KINDS } from '../../domain/course/kinds'
import { STATES } from '../../domain/course/states'
import { checkStep, legalNext } from '../../domain/course/steps'

const KINDS = [...Object.keys(COURSE_KINDS), 'from_a_newer_version']
const data = fc.record(
  {
    mediatorIds: fc.subarray(['m1', 'm2', 'm3']),
    result: fc.constantFrom('satisfied', 'not', 'nonsense'),
    amountFen: fc.oneof(fc.nat(), fc.string()),
    form: fc.constantFrom('written', 'oral'),
    chosen: fc.constantFrom('e0', 'e1', 'e2', 'e3'),
    state: fc.constantFrom('closed', 'agreed', 'nonsense'),
    due: fc.oneof(
      fc.constant(null),
      fc.record({
        dueOn: fc.constantFrom('2026-01-01', '2026-02-01'),
        reason: fc.string(),
        rule: fc.string(),
      }),
    ),
  },
  { requiredKeys: [] },
)

/** Any directed acyclic graph: each event may name any earlier ones as parents. */
const graph = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      data,
      picks: fc.array(fc.nat(30), { maxLength: 3 }),
      lamport: fc.nat(6),
      replica: fc.constantFrom('a', 'b', 'c'),
      actedBy: fc.constantFrom('m1', 'm2', null),
    }),
    { maxLength: 14 },
  )
  .map((drafts) =>
    drafts.map(({ picks, kind, lamport, replica, actedBy, ...draft }, index): CourseEvent => ({
      id: `e${index}`,
      kind,
      data: draft.data,
      parents: index === 0 ? [] : [...new Set(picks.map((pick) => `e${pick % index}`))],
      happenedOn: `2026-01-${String(1 + (lamport % 28)).padStart(2, '0')}`,
      order: { lamport, replica },
      actedBy,
    })),
  )
const shuffled = graph.chain((events) =>
  fc.tuple(
    fc.constant(events),
    fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
    fc.subarray(events),
  ),
)

it('any order of arrival, and repetition, fold to the same', () => {
  fc.assert(
    fc.property(shuffled, ([events, other, repeated]) => {
      expect(foldRegister('handling', [...other, ...repeated])).toEqual(foldRegister('handling', events))
    }),
    { numRuns: 1500 },
  )
})

it('never an impossible state; heads are what nobody names; an open head is never hidden behind a finished one', () => {
  fc.assert(
    fc.property(graph, (events) => {
      const folded = foldRegister('handling', events)
      if (folded.state !== null) expect(Object.keys(STATES)).toContain(folded.state)
      expect([...folded.heads, ...folded.otherHeads.map((head) => head.id)].sort()).toEqual(folded.allHeads)
      const category = folded.state === null ? 'done' : STATES[folded.state].category
      const others = folded.otherHeads.flatMap((head) =>
        head.state === null ? [] : [STATES[head.state].category],
      )
      if (category === 'done') expect(others.every((one) => one === 'done')).toBe(true)
    }),
    { numRuns: 1500 },
  )
})

it('what the ancestors of the only head fold to does not change when recording events arrive', () => {
  fc.assert(
    fc.property(graph, (events) => {
      const steering = events.filter((event) => COURSE_KINDS[event.kind as 'note']?.steering !== false)
      expect(foldRegister('handling', events)).toEqual(foldRegister('handling', steering))
    }),
  )
})

it('a step that legalNext offers is never refused for the state it was offered in', () => {
  fc.assert(
    fc.property(graph, fc.constantFrom('clerk', 'mediator', 'director'), (events, post) => {
      const state = foldRegister('handling', events)
      for (const kind of legalNext(state, post)) {
        const checked = checkStep(state, kind, {})
        expect(checked.ok ? '' : checked.message).not.toContain('目前是')
      }
    }),
  )
})
