/**
 * The counts of a month, as pure functions over light rows, so that queries, screens and tests agree. A visit, a
 * matter and a handling are three things; each count says which it counts.
 */
import type { LocalDate } from '../clock'
import { OUTCOMES, isOutcome } from '../course/states'

export interface VisitFacts {
  readonly arrivedOn: LocalDate
  readonly isQuestion: boolean
}
export interface MatterFacts {
  readonly registeredOn: LocalDate
  readonly voided: boolean
}
/** Dates empty where it has not happened. `dueOn`: of the handling itself, not of an agreed performance. */
export interface HandlingFacts {
  readonly openedOn: LocalDate
  readonly acceptedOn: LocalDate | ''
  /** Day of the result, whatever it was. */
  readonly outcomeOn: LocalDate | ''
  readonly outcome: string
  readonly dueOn: LocalDate | ''
  /** Suspended since. */
  readonly suspendedOn: LocalDate | ''
  /** Of a matter whose registration is void. */
  readonly voided: boolean
}

/** A month, with the day up to which it is counted. */
export interface Period {
  /** `YYYY-MM`. */
  readonly month: string
  readonly from: LocalDate
  /** Last day of the month. */
  readonly to: LocalDate
  /** The earlier of last day and today: overdue and open are as of this day. */
  readonly asOf: LocalDate
}

/** @param month `YYYY-MM`. @param today civil date in China. */
export function monthPeriod(month: string, today: LocalDate): Period {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const from = `${month}-01`
  const to = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  return { month, from, to, asOf: today < to ? today : to }
}

const within = (date: LocalDate | '', period: Period): boolean =>
  date !== '' && date >= period.from && date <= period.to
const openAt = (row: HandlingFacts, day: LocalDate): boolean =>
  !row.voided && row.openedOn <= day && (row.outcomeOn === '' || row.outcomeOn > day)

const countsVisit = (row: VisitFacts, period: Period): boolean =>
  !row.isQuestion && within(row.arrivedOn, period)
const countsQuestion = (row: VisitFacts, period: Period): boolean =>
  row.isQuestion && within(row.arrivedOn, period)

/** @returns whether a matter is one of the month's 事项. */
export const countsMatter = (row: MatterFacts, period: Period): boolean =>
  !row.voided && within(row.registeredOn, period)

type HandlingCount = 'handlings' | 'accepted' | 'resolved' | 'overdue' | 'open'
/** What each count of handlings counts: for the totals and for what is behind a number. */
export const HANDLING_COUNTS: Readonly<
  Record<HandlingCount, (row: HandlingFacts, period: Period) => boolean>
> = {
  handlings: (row, period) => !row.voided && within(row.openedOn, period),
  accepted: (row, period) => !row.voided && within(row.acceptedOn, period),
  /** Success, not merely an end: counting all that ended as settled is the classic error of such reports. */
  resolved: (row, period) =>
    !row.voided && within(row.outcomeOn, period) && isOutcome(row.outcome) && OUTCOMES[row.outcome].success,
  overdue: (row, period) =>
    openAt(row, period.asOf) &&
    row.dueOn !== '' &&
    row.dueOn < period.asOf &&
    (row.suspendedOn === '' || row.suspendedOn > period.asOf),
  open: (row, period) => openAt(row, period.asOf),
}

/** Small print under the table, in the order of the counts. */
export const MONTH_DEFINITIONS: readonly string[] = [
  '来访：本月到中心的来访登记，来一批计一次，几个人一起来也计一次，不含即问即答。',
  '即问即答：本月当场答复、未登记事项的咨询。',
  '事项：本月登记的事项，一件事项一个编号，不含已作废的登记。',
  '办理：本月开始的办理；一件事项可有几项办理，分别计数。',
  '受理：本月受理的办理，按受理日期计。',
  '化解：本月达成协议、矛盾缓和或已答复的办理，按出结果的日期计；调解不成、撤回、不予受理不计入。',
  '超期：到统计日（月末，本月为当天）时限已过而没有结果的办理，不含中止中的。',
  '在办：到统计日还没有结果的办理。',
]

export interface MonthTotals {
  readonly visits: number
  readonly questions: number
  readonly matters: number
  readonly handlings: number
  readonly accepted: number
  readonly resolved: number
  readonly overdue: number
  readonly open: number
}

/** @returns the eight counts of the month, or of one row of it when the rows are of one village, category or mediator. */
export function countMonth(
  rows: {
    readonly visits: readonly VisitFacts[]
    readonly matters: readonly MatterFacts[]
    readonly handlings: readonly HandlingFacts[]
  },
  period: Period,
): MonthTotals {
  const count = <T>(list: readonly T[], counts: (row: T, period: Period) => boolean): number =>
    list.filter((row) => counts(row, period)).length
  return {
    visits: count(rows.visits, countsVisit),
    questions: count(rows.visits, countsQuestion),
    matters: count(rows.matters, countsMatter),
    handlings: count(rows.handlings, HANDLING_COUNTS.handlings),
    accepted: count(rows.handlings, HANDLING_COUNTS.accepted),
    resolved: count(rows.handlings, HANDLING_COUNTS.resolved),
    overdue: count(rows.handlings, HANDLING_COUNTS.overdue),
    open: count(rows.handlings, HANDLING_COUNTS.open),
  }
}
