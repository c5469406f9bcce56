/** What happens to each matter of the year, before anything is written: a function of seed and number alone. */
import { SHIPPED_CALENDAR } from '../../../domain/calendar/data'
import { addDays, daysBetween, nextWorkday } from '../../../domain/calendar/workdays'
import { localDateOf, type LocalDate } from '../../../domain/clock'
import type { KnownKind } from '../../../domain/course/kinds'
import { pathOf, type PathStep } from './paths'
import { inventPerson, type DemoPerson } from './people'
import { WHILE_AGO } from './phrases'
import { fill, type Chance } from './seeded'
import { STORIES, type Story } from './stories'
import { HOMES, UNITS } from './town'

/** Monday morning; the centre is founded then. */
export const YEAR_BEGINS = Date.parse('2025-11-03T08:00:00+08:00')
/** The last evening of the year: nothing is later, whatever day it is really. */
export const YEAR_ENDS = Date.parse('2026-10-31T18:00:00+08:00')

const MINUTE = 60_000

export interface ScriptStep {
  /** Instant it is typed, ms. */
  readonly at: number
  readonly happenedOn: LocalDate
  /** Account of who types it. */
  readonly who: string
  /** Account of whose act it is, when another's. */
  readonly actedBy: string | null
  readonly kind: KnownKind
  readonly register: 'matter' | 'handling'
  readonly steering: boolean
  readonly data: Readonly<Record<string, unknown>>
  /** Accounts for `mediatorIds` of an assignment. */
  readonly mediators: readonly string[]
}

export interface Respondent {
  readonly name: string
  readonly isUnit: boolean
  /** On record: index among the people. */
  readonly person: number | null
}

export interface MatterScript {
  readonly at: number
  readonly who: string
  /** Index among the people. */
  readonly applicant: number
  readonly respondents: readonly Respondent[]
  /** Name of a unit the matter is about. */
  readonly respondentUnit: string | null
  readonly home: string
  readonly category: string
  readonly wanted: string
  readonly way: string
  readonly unit: string | null
  readonly channel: string
  readonly headCount: number
  readonly description: string
  readonly place: string
  readonly reply: string
  readonly amountFen: number | null
  readonly risk: string
  readonly steps: readonly ScriptStep[]
  /** A further visit while it runs: when, and what is said. */
  readonly revisit: { readonly at: number; readonly text: string } | null
}

const CHANNELS = [
  ['visit', 70],
  ['call', 8],
  ['grid', 8],
  ['police', 5],
  ['hotline', 5],
  ['transfer', 2],
  ['screening', 2],
] as const

const CONSULTATION: Story = {
  category: '',
  wanted: '咨询',
  way: '',
  weight: 7,
  against: 'nobody',
  money: [],
  tells: [
    '{a}来问{t}签的劳务合同到期没有续签，还能不能要求补偿。',
    '{a}来问宅基地上有老房子，儿子户口迁走以后能不能继承。',
    '{a}想了解与邻居的通行纠纷打官司大概要多久。',
  ],
  ends: ['已当场讲解有关规定，给了办事指南一份。', '已说明可以先调解，也可以直接起诉，本人表示再考虑。'],
}
/** For a repair that somebody pays though it is not about money. */
const SMALL_CHANGE = [200, 300, 500, 800]
const STORY_CHOICE = [...STORIES, CONSULTATION].map((story) => [story, story.weight] as const)

const ABOUT_UNITS = UNITS.filter((unit) => unit.kind === 'department' || unit.kind === 'village').map(
  (unit) => unit.name,
)

/** People met so far, so that some come again and some are the other side of others. */
export type People = DemoPerson[]

function personIndex(chance: Chance, people: People, home: string): number {
  if (people.length > 20 && chance.hit(0.25)) return chance.int(0, people.length - 1)
  return people.push(inventPerson(chance, home)) - 1
}

function respondentsOf(chance: Chance, story: Story, people: People, applicant: number, unit: string | null) {
  if (story.against === 'nobody') return []
  if (typeof story.against !== 'string')
    return [{ name: chance.pick(story.against), isUnit: true, person: null }]
  if (unit !== null) return [{ name: unit, isUnit: true, person: null }]
  if (story.against === 'spouse') {
    const gender = people[applicant]?.gender === 'male' ? 'female' : 'male'
    return [{ name: inventPerson(chance, undefined, gender).name, isUnit: false, person: null }]
  }
  const one = (): Respondent => {
    const known = people.length > 30 && chance.hit(0.3) ? chance.int(0, people.length - 1) : null
    const other = known === null || known === applicant ? undefined : people[known]
    return other === undefined
      ? { name: inventPerson(chance).name, isUnit: false, person: null }
      : { name: other.name, isUnit: false, person: known }
  }
  const all = chance.hit(0.15) ? [one(), one()] : [one()]
  return all.filter((each, index) => all.findIndex((other) => other.name === each.name) === index)
}

/** A morning or afternoon moment of a working day not before `date`. */
function moment(chance: Chance, date: LocalDate): number {
  const day = nextWorkday(SHIPPED_CALENDAR, date)
  return Date.parse(`${day}T08:30:00+08:00`) + chance.int(0, 480) * MINUTE
}

function timed(chance: Chance, from: number, path: readonly PathStep[], slots: Slots): ScriptStep[] {
  let at = from
  return path.map((step) => {
    const days = chance.int(...step.after)
    const next =
      days === 0 ? at + chance.int(10, 90) * MINUTE : moment(chance, addDays(localDateOf(at), days))
    at = Math.max(at + MINUTE, next)
    const happenedOn = localDateOf(at)
    const told = Object.entries(step.data).map(([name, value]) => [
      name,
      typeof value === 'string' ? fill(value, slots) : value,
    ])
    const dated = step.dated === undefined ? {} : { [step.dated.field]: addDays(happenedOn, step.dated.days) }
    const { who, actedBy, kind, register, steering, mediators } = step
    const data = { ...(Object.fromEntries(told) as Record<string, unknown>), ...dated }
    return { at, happenedOn, who, actedBy, kind, register, steering, data, mediators }
  })
}

type Slots = Readonly<Record<'a' | 'b' | 'v' | 'm' | 'n' | 't', string>>

/** @param at instant of the registration. @returns the whole life of one matter; adds its applicant to the people. */
export function inventMatter(chance: Chance, people: People, at: number): MatterScript {
  const story = chance.weigh(STORY_CHOICE)
  const home = chance.pick(HOMES)
  const applicant = personIndex(chance, people, home)
  const respondentUnit = story.against === 'unit' ? chance.pick(ABOUT_UNITS) : null
  const respondents = respondentsOf(chance, story, people, applicant, respondentUnit)
  const yuan = chance.pick(story.money.length === 0 ? SMALL_CHANGE : story.money)
  const slots: Slots = {
    a: people[applicant]?.name ?? '',
    b: respondents.map((one) => one.name).join('、') || '对方',
    v: home,
    m: String(yuan),
    n: String(chance.int(2, 9)),
    t: chance.pick(WHILE_AGO),
  }
  const age = daysBetween(localDateOf(at), localDateOf(YEAR_ENDS))
  const amountFen = story.money.length === 0 ? null : yuan * 100
  const tale = chance.int(0, story.tells.length - 1)
  const ends = story.ends[tale % story.ends.length] ?? ''
  const path = pathOf(chance, story, { age, home, ends, amountFen })
  const steps = timed(chance, at, path.steps, slots).filter((step) => step.at < YEAR_ENDS)
  const first = steps.find((step) => step.kind === 'assigned' || step.kind === 'answered')
  const again = first !== undefined && chance.hit(0.15) ? first.at + chance.int(3, 40) * MINUTE : null
  return {
    at,
    who: chance.hit(0.7) ? 'clerk' : 'clerk2',
    applicant,
    respondents,
    respondentUnit,
    home,
    category: story.category,
    wanted: story.wanted,
    way: story.way,
    unit: path.unit,
    channel: chance.weigh(CHANNELS),
    headCount: chance.hit(0.85) ? 1 : chance.int(2, 8),
    description: fill(story.tells[tale] ?? '', slots),
    place: chance.hit(0.6) ? `${home}${chance.int(1, 12)}组` : '',
    reply: story.way === '' ? fill(ends, slots) : '',
    amountFen,
    risk: chance.weigh([
      ['', 80],
      ['low', 10],
      ['medium', 7],
      ['high', 3],
    ] as const),
    steps,
    revisit:
      again === null || again >= YEAR_ENDS
        ? null
        : { at: again, text: fill('{a}来问进展，希望快一点。', slots) },
  }
}

/** Moments of the year at which something begins, in order. */
export function momentsOfYear(chance: Chance, count: number): number[] {
  const days = daysBetween(localDateOf(YEAR_BEGINS), localDateOf(YEAR_ENDS))
  const all = Array.from({ length: count }, () =>
    moment(chance, addDays(localDateOf(YEAR_BEGINS), chance.int(1, days - 1))),
  )
  return all.filter((at) => at < YEAR_ENDS).sort((a, b) => a - b)
}
