/**
 * Deadlines. A deadline is counted once, written into the event that starts it (rule, limit, calendar version, due
 * date, reason) and never recomputed from newer data (DESIGN.md section 3).
 */
import type { LocalDate } from '../clock'
import type { WorkCalendar } from '../calendar/data'
import {
  addDays,
  addMonths,
  addWorkdays,
  dayInfo,
  daysBetween,
  nextWorkday,
  unknownYears,
  workdaysBetween,
} from '../calendar/workdays'

interface Limit {
  readonly unit: 'month' | 'day' | 'workday'
  readonly count: number
}
export interface DueRule {
  readonly key: string
  /** As people say it: `人民调解一个月`. */
  readonly name: string
  /** Where the limit comes from. */
  readonly source: string
  readonly limit: Limit
  /** What happens when the last day is a day off. */
  readonly onRestDay: 'next_workday' | 'stays'
  /** How far it may be extended, counted from the due date; undefined: as agreed. */
  readonly extension?: Limit
}

/** What an event stores in `data.due`. */
export interface DueStamp {
  readonly dueOn: LocalDate
  /** 时限怎么算的, ready for the screen. */
  readonly reason: string
  /** Key of the rule; `performance`: the day the parties agreed on. */
  readonly rule: string
  /** `1 个月`, `15 日`. */
  readonly limit: string
  readonly calendarVersion: string
  /** True: a year without loaded notice was counted by plain weekdays. */
  readonly assumed: boolean
}

const CIVIL_LAW = 'next_workday'
/**
 * Presets; a town's own table may replace any of them (DOMAIN.md sections 2, 3.1, 5: national numbers exist only for
 * some). All counted from the day after the start (民法典第二百零一条).
 */
export const DUE_RULES: Readonly<Record<string, DueRule>> = {
  mediation: {
    key: 'mediation',
    name: '人民调解一个月',
    source: '《人民调解工作若干规定》第三十三条',
    limit: { unit: 'month', count: 1 },
    onRestDay: CIVIL_LAW,
  },
  court_invited: {
    key: 'court_invited',
    name: '法院特邀调解三十日',
    source: '《最高人民法院关于人民法院特邀调解的规定》',
    limit: { unit: 'day', count: 30 },
    onRestDay: CIVIL_LAW,
  },
  judicial_confirmation: {
    key: 'judicial_confirmation',
    name: '司法确认三十日',
    source: '《中华人民共和国人民调解法》第三十三条',
    limit: { unit: 'day', count: 30 },
    onRestDay: CIVIL_LAW,
  },
  petition_acceptance: {
    key: 'petition_acceptance',
    name: '信访事项受理告知十五日',
    source: '《信访工作条例》',
    limit: { unit: 'day', count: 15 },
    onRestDay: CIVIL_LAW,
  },
  petition: {
    key: 'petition',
    name: '信访事项办理六十日',
    source: '《信访工作条例》',
    limit: { unit: 'day', count: 60 },
    onRestDay: CIVIL_LAW,
    extension: { unit: 'day', count: 30 },
  },
  simple: {
    key: 'simple',
    name: '简单事项一日',
    source: '本中心分级办理时限',
    limit: { unit: 'day', count: 1 },
    onRestDay: CIVIL_LAW,
  },
  general: {
    key: 'general',
    name: '一般事项七日',
    source: '本中心分级办理时限',
    limit: { unit: 'day', count: 7 },
    onRestDay: CIVIL_LAW,
  },
  complex: {
    key: 'complex',
    name: '复杂事项二十日',
    source: '本中心分级办理时限',
    limit: { unit: 'day', count: 20 },
    onRestDay: CIVIL_LAW,
  },
}

const UNIT_TEXT: Readonly<Record<Limit['unit'], string>> = {
  month: '个月',
  day: '日',
  workday: '个工作日',
}
const limitText = (limit: Limit): string => `${limit.count} ${UNIT_TEXT[limit.unit]}`

function lastDayOf(limit: Limit, start: LocalDate, calendar: WorkCalendar): LocalDate {
  if (limit.unit === 'month') return addMonths(start, limit.count)
  if (limit.unit === 'day') return addDays(start, limit.count)
  return addWorkdays(calendar, start, limit.count)
}

function assumption(calendar: WorkCalendar, from: LocalDate, to: LocalDate): string {
  const years = unknownYears(calendar, from, to)
  return years.length === 0
    ? ''
    : `${years.join('、')} 年放假安排尚未载入，暂按周一至周五为工作日推算，请留意国务院办公厅通知。`
}

/** Moves a last day that is a day off, and says so. */
function settle(
  lastDay: LocalDate,
  onRestDay: DueRule['onRestDay'],
  calendar: WorkCalendar,
): { readonly dueOn: LocalDate; readonly text: string } {
  const info = dayInfo(calendar, lastDay)
  if (info.workday) return { dueOn: lastDay, text: '' }
  const rest = info.name === '周末' ? '周末' : `${info.name}放假`
  if (onRestDay === 'stays') return { dueOn: lastDay, text: `届满日逢${rest}，按规定不顺延。` }
  const dueOn = nextWorkday(calendar, lastDay)
  return { dueOn, text: `届满日逢${rest}，顺延至 ${dueOn}。` }
}

/**
 * @param rule preset or a town's own
 * @param startDate the day it starts; the next day is the first one counted
 * @returns the stamp to write into the event
 */
export function dueFor(rule: DueRule, startDate: LocalDate, calendar: WorkCalendar): DueStamp {
  const lastDay = lastDayOf(rule.limit, startDate, calendar)
  const settled = settle(lastDay, rule.onRestDay, calendar)
  const note = assumption(calendar, rule.limit.unit === 'workday' ? startDate : lastDay, settled.dueOn)
  return {
    dueOn: settled.dueOn,
    reason:
      `${rule.name}（${rule.source}）：自 ${startDate} 的次日起算 ${limitText(rule.limit)}，` +
      `${lastDay} 届满。${settled.text}${note}`,
    rule: rule.key,
    limit: limitText(rule.limit),
    calendarVersion: calendar.version,
    assumed: note !== '',
  }
}

/** The day the parties agreed on for performance: theirs, so it is not moved. */
export function dueByAgreement(performBy: LocalDate, calendar: WorkCalendar): DueStamp {
  return {
    dueOn: performBy,
    reason: `协议约定 ${performBy} 前履行。`,
    rule: 'performance',
    limit: '协议约定',
    calendarVersion: calendar.version,
    assumed: false,
  }
}

/**
 * @param due the running deadline
 * @param to the new last day, as agreed or approved; not moved
 * @param why `双方当事人同意`, `经主任批准`
 */
export function extendDue(due: DueStamp, to: LocalDate, why: string, calendar: WorkCalendar): DueStamp {
  return {
    ...due,
    dueOn: to,
    reason: `${due.reason}${why}，延长至 ${to}。`,
    limit: `${due.limit}（已延长）`,
    calendarVersion: calendar.version,
  }
}

/** @returns the latest day a rule lets its deadline be extended to, or null when the parties decide. */
export function latestExtension(rule: DueRule, due: DueStamp, calendar: WorkCalendar): LocalDate | null {
  return rule.extension === undefined ? null : lastDayOf(rule.extension, due.dueOn, calendar)
}

/** Days of a suspension do not count: the due date moves by as many calendar days, and off a day off. */
export function resumeDue(
  due: DueStamp,
  suspendedOn: LocalDate,
  resumedOn: LocalDate,
  calendar: WorkCalendar,
): DueStamp {
  const days = Math.max(0, daysBetween(suspendedOn, resumedOn))
  const lastDay = addDays(due.dueOn, days)
  const settled = settle(lastDay, 'next_workday', calendar)
  const note = assumption(calendar, lastDay, settled.dueOn)
  return {
    ...due,
    dueOn: settled.dueOn,
    reason: `${due.reason}${suspendedOn} 至 ${resumedOn} 中止 ${days} 日不计入，延至 ${lastDay}。${settled.text}${note}`,
    calendarVersion: calendar.version,
    assumed: due.assumed || note !== '',
  }
}

export type DueLevel = 'ok' | 'soon' | 'late' | 'none'
const SOON_WORKDAYS = 3

/**
 * @param dueOn null: no deadline runs
 * @param today civil date in China
 * @returns `还剩 3 个工作日`, `今天到期`, `超期 97 天` and how pressing it is
 */
export function dueText(
  dueOn: LocalDate | null,
  today: LocalDate,
  calendar: WorkCalendar,
): { readonly text: string; readonly level: DueLevel } {
  if (dueOn === null) return { text: '', level: 'none' }
  if (dueOn === today) return { text: '今天到期', level: 'soon' }
  if (dueOn < today) return { text: `超期 ${daysBetween(dueOn, today)} 天`, level: 'late' }
  const left = workdaysBetween(calendar, today, dueOn)
  const text = left === 0 ? `还剩 ${daysBetween(today, dueOn)} 天` : `还剩 ${left} 个工作日`
  return { text, level: left <= SOON_WORKDAYS ? 'soon' : 'ok' }
}
