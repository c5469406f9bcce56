/** The ways a matter may go, as steps without dates. */
import type { KnownKind } from '../../../domain/course/kinds'
import { COURSE_KINDS } from '../../../domain/course/kinds'
import {
  ASSIGN_NOTES,
  HOME_VISITS,
  NOTES,
  NOT_SATISFIED,
  REASONS,
  SATISFIED,
  SESSIONS,
  TEXTS,
} from './phrases'
import type { Chance } from './seeded'
import type { Story } from './stories'
import { STAFF } from './town'

export interface PathStep {
  /** Days after the step before. */
  readonly after: readonly [number, number]
  readonly who: string
  readonly actedBy: string | null
  readonly kind: KnownKind
  readonly register: 'matter' | 'handling'
  readonly steering: boolean
  readonly data: Readonly<Record<string, unknown>>
  /** A date field of the data, so many days after the step. */
  readonly dated?: { readonly field: string; readonly days: number }
  readonly mediators: readonly string[]
}

interface Path {
  readonly steps: readonly PathStep[]
  /** Unit the handling goes to. */
  readonly unit: string | null
}

interface Case {
  /** Days until the year ends: old matters do not lie about open. */
  readonly age: number
  readonly home: string
  /** How it ends, as a template. */
  readonly ends: string
  readonly amountFen: number | null
}

const OPEN_AGE = 110
const OFFICES: Readonly<Record<string, string>> = {
  petition: '信访办公室',
  hardship_help: '民政办公室',
  legal_aid: '柳桥司法所',
}

function stepper(chance: Chance) {
  return (
    kind: KnownKind,
    who: string,
    after: readonly [number, number],
    data: Readonly<Record<string, unknown>> = {},
    more: Partial<Pick<PathStep, 'dated' | 'mediators' | 'actedBy'>> = {},
  ): PathStep => {
    const told = TEXTS[kind]
    const why = REASONS[kind]
    return {
      kind,
      who,
      after,
      register: COURSE_KINDS[kind].register === 'matter' ? 'matter' : 'handling',
      steering: COURSE_KINDS[kind].steering,
      data: {
        ...(told === undefined ? {} : { text: chance.pick(told) }),
        ...(why === undefined ? {} : { reason: chance.pick(why) }),
        ...data,
      },
      actedBy: null,
      mediators: [],
      ...more,
    }
  }
}

/** Somebody other than who handled it: clerk2 checks what clerk answered, clerk what mediators did. */
function verifying(chance: Chance, step: ReturnType<typeof stepper>, by: string): PathStep[] {
  return [
    step('verified', by, [2, 9], { result: 'satisfied', text: chance.pick(SATISFIED) }),
    step('closed', by, [0, 2]),
    ...(chance.hit(0.7) ? [step('archived', by, [5, 30])] : []),
  ]
}

/** @returns the steps after the registration, and the unit it goes to */
export function pathOf(chance: Chance, story: Story, about: Case): Path {
  const step = stepper(chance)
  if (story.way === '') return { steps: [], unit: null }
  if (chance.hit(0.025)) return { steps: [step('void', 'clerk', [0, 1])], unit: null }
  const accepted = step('accepted', 'clerk', [0, 3])
  if (story.way === 'people_mediation' && chance.hit(0.04))
    return { steps: [step('refused', 'director', [1, 4])], unit: null }
  if (story.way === 'people_mediation') return mediated(chance, step, accepted, about)
  const slow = about.age < OPEN_AGE && chance.hit(0.25)
  const steps = [
    accepted,
    ...(chance.hit(0.5) ? [step('note', 'clerk', [1, 5], { text: chance.pick(NOTES) })] : []),
    ...(slow
      ? [step('reminder', 'director', [20, 40], { text: '请抓紧办理并答复来访人。' })]
      : [
          step('answered', 'clerk', story.way === 'petition' ? [15, 50] : [2, 12], { text: about.ends }),
          ...verifying(chance, step, 'clerk2'),
        ]),
  ]
  return { steps, unit: story.against === 'unit' ? null : (OFFICES[story.way] ?? null) }
}

function mediatorFor(chance: Chance, home: string): string {
  const near = STAFF.filter((one) => one.fields !== null && one.unit.startsWith(home))
  const own = near[0]
  if (own !== undefined && chance.hit(0.7)) return own.account
  return chance.weigh([
    ['mediator', 30],
    ['mediator2', 18],
    ['mediator3', 16],
    ['mediator4', 14],
    ['mediator5', 14],
    ['deputy', 8],
  ] as const)
}

function sessions(chance: Chance, step: ReturnType<typeof stepper>, by: string, count: number): PathStep[] {
  return Array.from({ length: count }, () => {
    // The man of 66 tells, a younger colleague types.
    const typed = by === 'mediator' && chance.hit(0.4)
    const told = chance.weigh([
      ['session', 75],
      ['visit_home', 12],
      ['note', 13],
    ] as const)
    const text = chance.pick(told === 'session' ? SESSIONS : told === 'note' ? NOTES : HOME_VISITS)
    const place = told === 'note' ? {} : { place: chance.pick(['调解室', '村委会', '{v}', '']) }
    return step(told, typed ? 'clerk' : by, [1, 6], { text, ...place }, { actedBy: typed ? by : null })
  })
}

type Ending =
  'agreed' | 'eased' | 'not_reached' | 'withdrawn' | 'returned' | 'breached' | 'partly' | 'stalled'

function mediated(chance: Chance, step: ReturnType<typeof stepper>, accepted: PathStep, about: Case): Path {
  const by = mediatorFor(chance, about.home)
  const ending = chance.weigh<Ending>([
    ['agreed', 52],
    ['eased', 12],
    ['not_reached', 9],
    ['withdrawn', 6],
    ['returned', 4],
    ['breached', 4],
    ['partly', 4],
    ['stalled', 9],
  ])
  const two = chance.hit(0.12) ? ['mediator2'].filter((other) => other !== by) : []
  const note = chance.pick(ASSIGN_NOTES)
  const assigned = step('assigned', 'director', [0, 2], note === '' ? {} : { note }, {
    mediators: [by, ...two],
  })
  const begun = [
    accepted,
    assigned,
    step('signed_for', by, [0, 2]),
    ...sessions(chance, step, by, chance.int(1, 3)),
  ]
  const pause = chance.hit(0.05)
    ? [step('suspended', by, [1, 4]), step('resumed', by, [8, 25])]
    : chance.hit(0.06)
      ? [step('extended', by, [2, 6], { bothConsent: 'yes' }, { dated: { field: 'to', days: 60 } })]
      : []
  const unit = chance.hit(0.3) ? `${about.home}人民调解委员会` : '柳桥镇人民调解委员会'
  const steps = [...begun, ...pause, ...endingOf(chance, step, by, ending, about)]
  return { steps, unit }
}

function endingOf(
  chance: Chance,
  step: ReturnType<typeof stepper>,
  by: string,
  ending: Ending,
  about: Case,
): PathStep[] {
  const recent = about.age < OPEN_AGE
  if (ending === 'stalled' && recent) {
    return [step('reminder', 'director', [18, 35], { text: '已临近期限，请抓紧。' })]
  }
  if (ending === 'eased' || ending === 'not_reached') {
    return [step(ending, by, [2, 10]), ...verifying(chance, step, 'clerk')]
  }
  if (ending === 'withdrawn') return [step('withdrawn', by, [1, 8]), ...verifying(chance, step, 'clerk')]
  const agreed = agreement(chance, step, by, about)
  const kept = [step('fulfilled', by, [6, 30]), ...verifying(chance, step, 'clerk')]
  if (ending === 'partly') return [agreed, step('partly_fulfilled', by, [8, 20]), ...(recent ? [] : kept)]
  if (ending === 'breached') {
    const broken = [agreed, step('breached', by, [15, 30])]
    if (recent) return broken
    const again = [step('reopened', 'director', [2, 9]), ...sessions(chance, step, by, 1)]
    return [...broken, ...again, agreement(chance, step, by, about), ...kept]
  }
  if (ending === 'returned') {
    const back = step('verified', 'clerk', [3, 8], { result: 'not', text: chance.pick(NOT_SATISFIED) })
    const more = [...sessions(chance, step, by, 1), agreement(chance, step, by, about)]
    return [agreed, back, ...more, ...kept]
  }
  return [agreed, ...kept]
}

function agreement(chance: Chance, step: ReturnType<typeof stepper>, by: string, about: Case): PathStep {
  const form = chance.hit(0.7) ? 'written' : 'oral'
  const dated = chance.hit(0.7) ? { dated: { field: 'performBy', days: chance.int(7, 40) } } : {}
  const amount = about.amountFen === null ? {} : { amountFen: about.amountFen }
  return step('agreed', by, [1, 9], { form, text: about.ends, ...amount }, dated)
}
