/** Arithmetic on civil dates `YYYY-MM-DD` and the working days of a calendar. */
import type { LocalDate } from '../clock'
import type { LoadedYear, WorkCalendar } from './data'

const DAY = 24 * 3600 * 1000
const utc = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`)

/** @returns whether the text is a date that exists (`2026-02-30` is not). */
export function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const instant = utc(text)
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text
}

/** @param days may be negative. @returns the date so many days later. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(utc(date) + days * DAY).toISOString().slice(0, 10)
}

/** @returns whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((utc(to) - utc(from)) / DAY)
}

/**
 * Natural months: the same day of a later month; a month without that day ends on its last day (民法典第二百零二条).
 * @param months how many, not negative.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const index = year * 12 + (month - 1) + months
  const lastDay = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate()
  return new Date(Date.UTC(Math.floor(index / 12), index % 12, Math.min(day, lastDay)))
    .toISOString()
    .slice(0, 10)
}

export interface DayInfo {
  readonly workday: boolean
  /** `国庆节`, `周末`, `调休上班`, or empty for an ordinary working day. */
  readonly name: string
  /** False: the year's notice is not loaded, weekdays were taken as they come. */
  readonly known: boolean
}

/** @returns what kind of day it is by this calendar. */
export function dayInfo(calendar: WorkCalendar, date: LocalDate): DayInfo {
  const year = calendar.years.find((one) => one.year === Number(date.slice(0, 4)))
  const weekday = new Date(utc(date)).getUTCDay()
  const weekend = weekday === 0 || weekday === 6
  if (year === undefined || year.state === 'not_loaded') {
    return { workday: !weekend, name: weekend ? '周末' : '', known: false }
  }
  return knownDay(year, date, weekend)
}

function knownDay(year: LoadedYear, date: LocalDate, weekend: boolean): DayInfo {
  const holiday = year.daysOff[date]
  if (holiday !== undefined) return { workday: false, name: holiday, known: true }
  if (year.workedDays[date] !== undefined) return { workday: true, name: '调休上班', known: true }
  return { workday: !weekend, name: weekend ? '周末' : '', known: true }
}

/** @returns the date itself when it is a working day, otherwise the first one after it. */
export function nextWorkday(calendar: WorkCalendar, date: LocalDate): LocalDate {
  let day = date
  while (!dayInfo(calendar, day).workday) day = addDays(day, 1)
  return day
}

/** @param count how many working days, not counting `date` itself. */
export function addWorkdays(calendar: WorkCalendar, date: LocalDate, count: number): LocalDate {
  let day = date
  for (let left = count; left > 0;) {
    day = addDays(day, 1)
    if (dayInfo(calendar, day).workday) left -= 1
  }
  return day
}

/** @returns working days after `from` up to and including `to`; 0 when `to` is not later. */
export function workdaysBetween(calendar: WorkCalendar, from: LocalDate, to: LocalDate): number {
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (dayInfo(calendar, day).workday) count += 1
  }
  return count
}

/** @returns the years between two dates whose notice is not loaded. */
export function unknownYears(calendar: WorkCalendar, from: LocalDate, to: LocalDate): number[] {
  const found: number[] = []
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    if (!calendar.years.some((one) => one.year === year && one.state === 'loaded')) found.push(year)
  }
  return found
}
