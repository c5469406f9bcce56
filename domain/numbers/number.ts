/** The one code of a matter: inside the centre `26-03-0128`, outside `360424100000-2026-03-0128`. */
import { localDateOf } from '../clock'
import { halfWidth } from '../rules/text'

export interface NumberParts {
  /** Four digits. */
  readonly year: number
  /** Two digits, `03`. */
  readonly terminal: string
  readonly serial: number
  /** Only in the long form. */
  readonly areaCode?: string
}

const tail = (parts: NumberParts): string =>
  `${parts.terminal.padStart(2, '0')}-${String(parts.serial).padStart(4, '0')}`

/** @returns `26-03-0128`; the serial has at least four digits. */
export function shortNumber(parts: NumberParts): string {
  return `${String(parts.year % 100).padStart(2, '0')}-${tail(parts)}`
}

/** @returns `360424100000-2026-03-0128`, for print and packages. */
export function longNumber(areaCode: string, parts: NumberParts): string {
  return `${areaCode}-${parts.year}-${tail(parts)}`
}

/**
 * Reads both forms as people type them: full width, blanks, dots, slashes, long dashes, missing zeros
 * (`26.3.128`), or eight and more bare digits (`26030128`).
 * @returns null when it is no number
 */
export function parseNumber(typed: string): NumberParts | null {
  const text = halfWidth(typed.normalize('NFC')).trim()
  const bare = /^(\d{2})(\d{2})(\d{4,6})$/.exec(text)
  const parts = bare ? bare.slice(1) : text.split(/[\s.,/\\_\-‐‑–—、。·]+/).filter((part) => part !== '')
  if (!parts.every((part) => /^\d+$/.test(part))) return null
  const areaCode = parts.length === 4 ? parts[0] : undefined
  const [year = '', terminal = '', serial = ''] = parts.slice(-3)
  const whole = parts.length === 3 || (areaCode !== undefined && areaCode.length === 12)
  const sized = /^(\d{2}|20\d{2})$/.test(year) && terminal.length <= 2 && serial.length <= 9
  if (!whole || !sized || Number(serial) === 0 || Number(terminal) === 0) return null
  return {
    year: year.length === 2 ? 2000 + Number(year) : Number(year),
    terminal: terminal.padStart(2, '0'),
    serial: Number(serial),
    ...(areaCode === undefined ? {} : { areaCode }),
  }
}

/** A new replica leaves this gap, so that numbers given by a lost copy are not given twice (DESIGN.md rule 0). */
const NEW_REPLICA_GAP = 100

/**
 * First serial a new replica gives in a series.
 * @param highest highest serials known to backup, state file and peers; empty for a series that never began
 */
export function firstSerialOfNewReplica(highest: readonly number[]): number {
  return highest.length === 0 ? 1 : Math.max(...highest) + NEW_REPLICA_GAP
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const BACKWARDS = 10 * MINUTE
const FORWARDS = 30 * DAY

/**
 * Whether a number may be issued by this clock, or a person confirms the date first. All in milliseconds since 1970 UTC.
 * @param lastRecorded when the last entry was saved here; null on a new folder
 * @param buildDate no honest clock is before it
 */
export function clockPlausible(
  now: number,
  lastRecorded: number | null,
  buildDate: number,
): { readonly ok: true } | { readonly ok: false; readonly message: string } {
  const says = `电脑时间是 ${localDateOf(now)}`
  const ask = '登记照常保存，暂不编号；请核对日期，确认后补编号。'
  if (now < buildDate - DAY) return { ok: false, message: `${says}，早于本程序的制作日期。${ask}` }
  if (lastRecorded === null) return { ok: true }
  const last = `上一次登记是 ${localDateOf(lastRecorded)}`
  if (now < lastRecorded - BACKWARDS)
    return { ok: false, message: `${says}，比上一次登记还早（${last}）。${ask}` }
  if (now > lastRecorded + FORWARDS) return { ok: false, message: `${says}，${last}，相隔超过 30 天。${ask}` }
  return { ok: true }
}
