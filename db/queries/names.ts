/** Names of units and of the centre, for rows that show them. */
import type { ReadableDb } from '../handle'
import { list, sql } from '../sql'

/** @returns names of units by id. */
export function unitNames(db: ReadableDb, ids: readonly (string | null)[]): ReadonlyMap<string, string> {
  const wanted = [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))]
  if (wanted.length === 0) return new Map()
  const rows = db.all<{ id: string; name: string }>(
    sql`SELECT id, name FROM org_unit WHERE id IN ${list(wanted)}`,
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** Words for a reference whose row is not here yet (DESIGN.md section 3). */
export const NOT_ARRIVED = '（尚未收到）'

/** @returns the centre's row, or empty texts before it has arrived. */
export function centreOf(db: ReadableDb): { readonly name: string; readonly area_code: string } {
  return db.get(sql`SELECT name, area_code FROM centre LIMIT 1`) ?? { name: '', area_code: '' }
}
