/**
 * The course register: state as a pure function of the set of steering events (DESIGN.md section 3). Nothing here
 * depends on the order in which events arrived.
 */
import type { LocalDate } from '../clock'
import type { DueStamp } from './deadlines'
import type { Register } from './declare'
import { courseKind } from './kinds'
import { OUTCOMES, STATES, isCourseState, type CourseState, type Outcome } from './states'

interface CourseOrder {
  readonly lamport: number
  readonly replica: string
}
export interface CourseEvent {
  readonly id: string
  readonly kind: string
  /** Steering heads the person saw. */
  readonly parents: readonly string[]
  readonly data: Readonly<Record<string, unknown>>
  readonly happenedOn: LocalDate
  readonly order: CourseOrder
  /** Staff id of who acted; needed to tell the handler from the verifier. */
  readonly actedBy?: string | null
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What one head's ancestors fold to. `state` null: not begun. */
interface HeadState {
  readonly state: CourseState | null
  readonly outcome: Outcome | null
  readonly outcomeOn: LocalDate | null
  readonly acceptedOn: LocalDate | null
  readonly mediatorIds: readonly string[]
  /** Everyone who handled it so far, sorted: none of them may verify. */
  readonly handlerIds: readonly string[]
  /** Deadline written last on this branch: what an extension or a resumption moves. */
  readonly stamp: DueStamp | null
  readonly suspendedOn: LocalDate | null
  readonly form: string | null
  readonly amountFen: number | null
}
interface OtherHead {
  readonly id: string
  readonly state: CourseState | null
  readonly stateText: string
}
export interface RegisterState extends HeadState {
  readonly register: Register
  readonly stateText: string
  /** The deadline that presses now, the earliest of all heads'; null: none runs (done, suspended, result reached). */
  readonly due: DueStamp | null
  /** Heads of the shown value: basis of an ordinary step. Equal results are one value with several heads. */
  readonly heads: readonly string[]
  /** Heads with another result: an open difference, for a director to decide. */
  readonly otherHeads: readonly OtherHead[]
  /** All heads: what a decision names. */
  readonly allHeads: readonly string[]
}

const EMPTY: HeadState = {
  state: null,
  outcome: null,
  outcomeOn: null,
  acceptedOn: null,
  mediatorIds: [],
  handlerIds: [],
  stamp: null,
  suspendedOn: null,
  form: null,
  amountFen: null,
}

/** (lamport, replica): the one order in which anything is decided. Ids settle what a forged change may leave equal. */
function compare(a: CourseEvent, b: CourseEvent): number {
  if (a.order.lamport !== b.order.lamport) return a.order.lamport - b.order.lamport
  if (a.order.replica !== b.order.replica) return a.order.replica < b.order.replica ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

const isOpen = (head: HeadState): boolean => head.state !== null && STATES[head.state].category !== 'done'

/** Equal results merge by rule: what the step decided is equal, whatever words or days went with it. */
function resultKey(head: HeadState): string {
  return JSON.stringify([
    head.state,
    head.outcome,
    [...head.mediatorIds].sort(),
    head.form,
    head.amountFen,
    head.stamp?.rule === 'performance' ? head.stamp.dueOn : null,
  ])
}

interface Head {
  readonly event: CourseEvent
  readonly folded: HeadState
}

/** The open head; among several open or none, the latest in order. */
function pickShown(heads: readonly Head[]): Head | undefined {
  const open = heads.filter((head) => isOpen(head.folded))
  return [...(open.length > 0 ? open : heads)].sort((a, b) => compare(a.event, b.event)).at(-1)
}

const AWAITING_PERFORMANCE = new Set<CourseState>(['agreed', 'partly_fulfilled', 'breached'])

/** None when done or suspended; after the result only the day the parties agreed on. */
function pressing(head: HeadState): DueStamp | null {
  if (!isOpen(head) || head.state === null || head.stamp === null || head.suspendedOn !== null) return null
  if (!STATES[head.state].concluded) return head.stamp
  return AWAITING_PERFORMANCE.has(head.state) && head.stamp.rule === 'performance' ? head.stamp : null
}

/** @returns the earlier one first, whatever the order given. */
export function earliestDue(dues: readonly (DueStamp | null)[]): DueStamp | null {
  const key = (due: DueStamp): string => `${due.dueOn} ${due.reason}`
  return dues.flatMap((due) => due ?? []).sort((a, b) => (key(a) < key(b) ? -1 : 1))[0] ?? null
}

/** The shown parent, with whoever worked on any branch, since none of them may verify. */
function mergeHeads(heads: readonly Head[]): HeadState {
  const shown = pickShown(heads)?.folded ?? EMPTY
  const accepted = heads.flatMap((head) => head.folded.acceptedOn ?? []).sort()
  return {
    ...shown,
    acceptedOn: accepted[0] ?? null,
    handlerIds: [...new Set(heads.flatMap((head) => head.folded.handlerIds))].sort(),
  }
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

/** A stamp as stored; anything else (a forged or foreign change) is no stamp. */
function storedDue(value: unknown): DueStamp | null {
  if (value === null || typeof value !== 'object') return null
  const due = value as Partial<DueStamp>
  if (typeof due.dueOn !== 'string' || typeof due.reason !== 'string' || typeof due.rule !== 'string')
    return null
  return {
    dueOn: due.dueOn,
    reason: due.reason,
    rule: due.rule,
    limit: typeof due.limit === 'string' ? due.limit : '',
    calendarVersion: typeof due.calendarVersion === 'string' ? due.calendarVersion : '',
    assumed: due.assumed === true,
  }
}

const HANDLER_KINDS = new Set(['signed_for', 'agreed', 'eased', 'not_reached', 'answered'])
/** After these the way to a result begins again. */
const RESTARTS = new Set<CourseState>(['returned', 'reopened'])
/** Here the deadline of the step before has served its purpose. */
const BEGINS = new Set<CourseState>(['accepted', 'returned', 'reopened'])

function nextState(event: CourseEvent, before: HeadState): CourseState | null {
  const kind = courseKind(event.kind)
  if (kind === undefined) return before.state
  const by = kind.toBy === undefined ? undefined : event.data[kind.toBy.field]
  const chosen = typeof by === 'string' ? kind.toBy?.states[by] : undefined
  return chosen ?? kind.to ?? before.state
}

function applyStep(event: CourseEvent, before: HeadState): HeadState {
  const kind = courseKind(event.kind)
  if (kind === undefined) return before
  const state = nextState(event, before)
  const restarts = state !== null && RESTARTS.has(state)
  const mediatorIds = event.kind === 'assigned' ? strings(event.data['mediatorIds']) : before.mediatorIds
  const acted = HANDLER_KINDS.has(event.kind) && typeof event.actedBy === 'string' ? [event.actedBy] : []
  const amount = event.data['amountFen']
  return {
    state,
    outcome: kind.outcome ?? (restarts ? null : before.outcome),
    outcomeOn: kind.outcome === undefined ? (restarts ? null : before.outcomeOn) : event.happenedOn,
    acceptedOn: event.kind === 'accepted' ? event.happenedOn : before.acceptedOn,
    mediatorIds,
    handlerIds: [...new Set([...before.handlerIds, ...mediatorIds, ...acted])].sort(),
    stamp: storedDue(event.data['due']) ?? (state !== null && BEGINS.has(state) ? null : before.stamp),
    suspendedOn: state === 'suspended' ? (before.suspendedOn ?? event.happenedOn) : null,
    form: event.kind === 'agreed' ? textOf(event.data['form']) : restarts ? null : before.form,
    amountFen:
      event.kind === 'agreed'
        ? typeof amount === 'number'
          ? amount
          : null
        : restarts
          ? null
          : before.amountFen,
  }
}

/** A decision takes over the chosen head as it stands; otherwise the state it states. */
function applyDecision(event: CourseEvent, parents: readonly Head[], before: HeadState): HeadState {
  const chosen = parents.find((parent) => parent.event.id === event.data['chosen'])
  const stated = event.data['state']
  if (chosen !== undefined) return { ...chosen.folded, handlerIds: before.handlerIds }
  return isCourseState(stated) ? { ...before, state: stated } : before
}

/** Parents before children; whatever a forged circle leaves over follows in order, so that it cannot hang. */
function topological(events: readonly CourseEvent[], known: ReadonlyMap<string, CourseEvent>): CourseEvent[] {
  const waiting = new Map<string, number>()
  const children = new Map<string, CourseEvent[]>()
  for (const event of events) {
    const parents = [...new Set(event.parents)].filter((id) => known.has(id))
    waiting.set(event.id, parents.length)
    for (const id of parents) children.set(id, [...(children.get(id) ?? []), event])
  }
  const sorted: CourseEvent[] = []
  const ready = events.filter((event) => waiting.get(event.id) === 0)
  for (let event = ready.shift(); event !== undefined; event = ready.shift()) {
    sorted.push(event)
    for (const child of children.get(event.id) ?? []) {
      const left = (waiting.get(child.id) ?? 0) - 1
      waiting.set(child.id, left)
      if (left === 0) ready.push(child)
    }
  }
  const placed = new Set(sorted.map((event) => event.id))
  return [...sorted, ...events.filter((event) => !placed.has(event.id))]
}

/** Recording events never steer. An unknown kind steers only where it names what it continues. */
function steers(event: CourseEvent): boolean {
  const kind = courseKind(event.kind)
  return kind === undefined ? event.parents.length > 0 : kind.steering
}

/** @returns the state in words, with the result where it is done. */
function headText(head: HeadState): string {
  if (head.state === null) return '未开始'
  const { text } = STATES[head.state]
  return head.state === 'closed' && head.outcome !== null ? `${text}（${OUTCOMES[head.outcome].text}）` : text
}

/**
 * @param register whose events these are
 * @param events of one register, in any order, recording ones among them or not, repeated or not
 * @returns shown state, heads, difference and due: the same for every order of arrival
 */
export function foldRegister(register: Register, events: readonly CourseEvent[]): RegisterState {
  const known = new Map(
    events
      .filter(steers)
      .sort(compare)
      .map((event) => [event.id, event]),
  )
  const ordered = topological([...known.values()], known)
  const folded = new Map<string, Head>()
  for (const event of ordered) {
    const parents = event.parents.flatMap((id) => folded.get(id) ?? [])
    const before = mergeHeads(parents)
    const after = event.kind === 'decided' ? applyDecision(event, parents, before) : applyStep(event, before)
    folded.set(event.id, { event, folded: after })
  }
  const named = new Set(ordered.flatMap((event) => event.parents))
  const heads = [...folded.values()].filter((head) => !named.has(head.event.id))
  // Only a forged circle leaves no head; then the latest stands for all.
  return shownState(register, heads.length > 0 ? heads : [...folded.values()].slice(-1))
}

function shownState(register: Register, heads: readonly Head[]): RegisterState {
  const value = mergeHeads(heads)
  const key = resultKey(value)
  const ids = (some: readonly Head[]): string[] => some.map((head) => head.event.id).sort()
  const others = heads.filter((head) => resultKey(head.folded) !== key)
  return {
    ...value,
    register,
    stateText: headText(value),
    due: earliestDue(heads.map((head) => pressing(head.folded))),
    heads: ids(heads.filter((head) => resultKey(head.folded) === key)),
    otherHeads: [...others]
      .sort((a, b) => compare(a.event, b.event))
      .map((head) => ({ id: head.event.id, state: head.folded.state, stateText: headText(head.folded) })),
    allHeads: ids(heads),
  }
}
