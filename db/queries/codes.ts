/** Code lists as the centre uses them: shipped rows with the town's additions and changes. */
import { WANTED } from '../../domain/codes/ways'
import type { CodeSystem } from '../../domain/codes/shipped'
import type { CodeLists } from '../../domain/contract/reception'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'

interface CodeRow {
  readonly code: string
  readonly name: string
  readonly parent: string
}

const active = (db: ReadableDb, system: string): CodeRow[] =>
  db.all<CodeRow>(sql`SELECT code, name, parent FROM code_item
    WHERE system = ${system} AND active = 1 ORDER BY sort, code`)

/** @returns what the counter's pickers offer. */
export function codeLists(db: ReadableDb): CodeLists {
  const own = active(db, 'wanted').map((row) => row.name)
  return {
    wanted: [...new Set([...WANTED.map((row) => row.word), ...own])],
    categories: active(db, 'category'),
    ways: active(db, 'way').map(({ code, name }) => ({ code, name })),
    channels: active(db, 'channel').map(({ code, name }) => ({ code, name })),
  }
}

/** @returns the name of a code, also of one no longer offered; an unknown one as it is. */
export function codeText(db: ReadableDb, system: CodeSystem, code: string): string {
  if (code === '') return ''
  const row = db.get<{ name: string }>(
    sql`SELECT name FROM code_item WHERE system = ${system} AND code = ${code} ORDER BY active DESC, id LIMIT 1`,
  )
  return row?.name ?? code
}
