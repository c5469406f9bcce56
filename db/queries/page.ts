/** Pages by key: a cursor is what the last row was sorted by, so that a page costs the same wherever it is. */
import type { Page } from '../../domain/contract/define'
import type { ReadableDb } from '../handle'
import { sql, type Sql } from '../sql'

/** Beyond this nobody counts: the window shows `10000+`. */
export const TOTAL_CAP = 10_000
const SEPARATOR = '~'
/** The first page counts; the cursor carries the number on, so that turning pages does not count again. */
const TOTAL_MARK = '#'

export const cursorOf = (...parts: readonly (string | number)[]): string => parts.join(SEPARATOR)
/** @returns the parts of a cursor; missing ones are empty. */
export function cursorParts(after: string): [string, string, string] {
  const [key = ''] = after.split(TOTAL_MARK)
  const [a = '', b = '', c = ''] = key.split(SEPARATOR)
  return [a, b, c]
}

/** @param rows one more than the limit, when there are more. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  total: number,
  to: { readonly row: (row: R) => T; readonly cursor: (row: R) => string },
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(to.row),
    next: rows.length > limit && last !== undefined ? `${to.cursor(last)}${TOTAL_MARK}${total}` : null,
    total,
  }
}

/**
 * @param rows a query of anything
 * @param after cursor of the page that is asked for, or null for the first
 * @returns how many rows it has, counted up to the cap
 */
export function cappedCount(db: ReadableDb, rows: Sql, after: string | null): number {
  const known = after === null ? Number.NaN : Number.parseInt(after.split(TOTAL_MARK)[1] ?? '', 10)
  if (!Number.isNaN(known)) return known
  return db.get<{ n: number }>(sql`SELECT count(*) AS n FROM (${rows} LIMIT ${TOTAL_CAP})`)?.n ?? 0
}
