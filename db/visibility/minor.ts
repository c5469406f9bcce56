/** Names of people under 18 are hidden in lists, prints and statistics (PRACTICE.md section 2, rule 6). */
import type { LocalDate } from '../../domain/clock'
import { Marked, maskText } from '../../domain/marks'

const ADULT_YEARS = 18

/** @param birthDate `YYYY-MM-DD` or empty: then nobody is taken for a minor. @returns whether under 18 on that day. */
export function isMinor(birthDate: LocalDate, on: LocalDate): boolean {
  if (birthDate === '') return false
  const adultFrom = `${Number(birthDate.slice(0, 4)) + ADULT_YEARS}${birthDate.slice(4)}`
  return on < adultFrom
}

/** A name as records show it: marked when it is a minor's, so that the router hides it from who need not know. */
export function nameFor(name: string, birthDate: LocalDate, today: LocalDate): string | Marked<'minorName'> {
  return isMinor(birthDate, today) ? new Marked('minorName', name) : name
}

/** A name as lists, prints and titles show it: a minor's is hidden from everybody. */
export function listName(name: string, birthDate: LocalDate, today: LocalDate): string {
  return isMinor(birthDate, today) ? maskText('minorName', name) : name
}
