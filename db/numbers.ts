/**
 * Numbers, drawn in the saving transaction: one series per kind of record, year and terminal, so that two terminals
 * never need to ask each other. An implausible clock does not stop the saving: the number follows when a person has
 * confirmed the date (DESIGN.md section 3).
 */
import { localDateOf } from '../domain/clock'
import { clockPlausible, shortNumber } from '../domain/numbers/number'
import { numberFloor } from './folder'
import { insertRow, patchRow } from './rows'
import { sql } from './sql'
import type { WriteTx } from './store'

/** No honest clock is before this: the first version is from later. */
const EARLIEST = Date.UTC(2025, 0, 1)

/** Records that carry a number, and what stands before it, so that numbers of different lists are not confused. */
const SERIES = { matter: '', referral: '服', roster_entry: '册' } as const
export type NumberedTable = keyof typeof SERIES

export interface Drawn {
  /** Empty when none was issued. */
  readonly number: string
  /** Why not, in a clerk's words. */
  readonly problem: string | null
}

const settingOf = (tx: WriteTx, name: string): string | undefined =>
  tx.get<{ value: string }>(sql`SELECT value FROM local_setting WHERE name = ${name}`)?.value

function keep(tx: WriteTx, name: string, value: string): void {
  tx.run(sql`INSERT INTO local_setting (name, value) VALUES (${name}, ${value})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

const LAST_RECORDED = 'clock_last_recorded'
const pendingName = (table: NumberedTable): string => `number_pending:${table}`

function pendingOf(tx: WriteTx, table: NumberedTable): string[] {
  const stored: unknown = JSON.parse(settingOf(tx, pendingName(table)) ?? '[]')
  return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string') : []
}

/** @returns why this clock gives no number now, or null; remembers the clock of the last entry when it is in order. */
function clockProblem(tx: WriteTx, confirmed: 'confirmed' | 'not_confirmed'): string | null {
  const last = settingOf(tx, LAST_RECORDED)
  const check = clockPlausible(tx.now, last === undefined ? null : Number(last), EARLIEST)
  if (!check.ok && confirmed === 'not_confirmed') return check.message
  keep(tx, LAST_RECORDED, String(tx.now))
  return null
}

/** One above the highest; a renewed replica continues above its floor (DESIGN.md rule 0). */
function nextSerial(tx: WriteTx, table: NumberedTable, year: number, terminal: string): number {
  const row = tx.get<{ highest: number | null }>(sql`SELECT max(serial) AS highest FROM number_issue
    WHERE series = ${table} AND year = ${year} AND terminal_number = ${terminal}`)
  return Math.max(row?.highest ?? 0, numberFloor(tx.store, table, year)) + 1
}

function issue(tx: WriteTx, table: NumberedTable, subjectId: string): string {
  const today = localDateOf(tx.now)
  const year = Number(today.slice(0, 4))
  const terminal = tx.store.terminalNumber
  const serial = nextSerial(tx, table, year, terminal)
  const text = SERIES[table] + shortNumber({ year, terminal, serial })
  insertRow(tx, 'number_issue', {
    series: table,
    year,
    terminal_number: terminal,
    serial,
    number_text: text,
    subject_table: table,
    subject_id: subjectId,
    issued_on: today,
    voided: false,
    void_reason: '',
  })
  return text
}

/**
 * Draws a number for a record saved in this transaction. Records that had to wait for one on this terminal get theirs
 * first, in their order.
 * @param confirmed whether a person has confirmed the terminal's date
 */
export function drawNumber(
  tx: WriteTx,
  table: NumberedTable,
  subjectId: string,
  confirmed: 'confirmed' | 'not_confirmed',
): Drawn {
  const waiting = pendingOf(tx, table)
  const problem =
    tx.store.terminalNumber === ''
      ? '本机还没有终端号。登记已保存，终端号确定后自动补编号。'
      : clockProblem(tx, confirmed)
  if (problem !== null) {
    keep(tx, pendingName(table), JSON.stringify([...waiting, subjectId]))
    return { number: '', problem }
  }
  for (const id of waiting) issue(tx, table, id)
  if (waiting.length > 0) keep(tx, pendingName(table), '[]')
  return { number: issue(tx, table, subjectId), problem: null }
}

/** The number stays, marked void with its reason; it is never given again. */
export function voidNumber(tx: WriteTx, table: NumberedTable, subjectId: string, reason: string): void {
  const rows = tx.all<{ id: string }>(sql`SELECT id FROM number_issue
    WHERE subject_id = ${subjectId} AND subject_table = ${table} AND voided = 0`)
  for (const { id } of rows) patchRow(tx, 'number_issue', id, { voided: true, void_reason: reason })
}
