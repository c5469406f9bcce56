/**
 * Makes a large town out of a smaller one: every row, change, head and derived row again under other ids, by plain SQL
 * with capture off; only the search index is filled as always. Texts and sizes are what they were, so plans and page
 * counts are those of a town that large. The copies' changes carry the seals of the first ones: nobody verifies here.
 */
import { refreshDocs } from '../../db/derived/search'
import { BASE_TABLES } from '../../db/schema/base'
import type { TableDecl } from '../../db/schema/declare'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'

const TABLES = [
  'person',
  'matter',
  'matter_party',
  'matter_respondent_unit',
  'visit',
  'handling',
  'course_event',
  'number_issue',
] as const
const DERIVED: Readonly<Record<string, readonly string[]>> = {
  matter_state: ['matter_id'],
  handling_state: ['handling_id', 'matter_id'],
  handling_mediator: ['handling_id', 'matter_id'],
  person_key: ['person_id', 'canonical_id'],
}
/** Serials of one copy lie above those of the one before. */
const SERIALS = 50_000

/** Another id for each copy: the version of a UUIDv7 becomes a letter of its own. Ids of staff and units stay. */
const idOf = (column: string, copy: number): string =>
  `replace(${column}, '-7', '-${'abcdefghijklmnop'[copy] ?? 'z'}')`
const numberOf = (column: string, copy: number): string =>
  `substr(${column}, 1, 6) || printf('%04d', CAST(substr(${column}, 7) AS INTEGER) + ${copy * SERIALS})`

function expressions(table: string, columns: readonly string[], copy: number): string[] {
  const decl: TableDecl | undefined = (BASE_TABLES as Readonly<Record<string, TableDecl>>)[table]
  const own = (column: string): boolean => {
    const field = decl?.fields[column]
    if (field?.type === 'ref') return [...TABLES, '*'].some((name) => name === field.references)
    return column === 'id' || column === 'parents' || (DERIVED[table]?.includes(column) ?? false)
  }
  return columns.map((column) => {
    if (own(column)) return idOf(column, copy)
    if (column === 'serial') return `serial + ${copy * SERIALS}`
    if (column === 'number_text') return numberOf(column, copy)
    return column === 'registered_at' ? `registered_at - ${copy}` : column
  })
}

/** @param copies how many times more, at most 16 */
export function cloneTown(base: Store, copies: number, told: (line: string) => void): void {
  const { connection, db } = base
  const one = <T>(text: string): T => connection.prepare(text).pluck().get() as T
  const columnsOf = (table: string): string[] =>
    connection
      .prepare(`SELECT * FROM ${table}`)
      .columns()
      .map((column) => column.name)
  const seq = one<number>('SELECT seq FROM capture_context')
  const ids = (['matter', 'person'] as const).map((kind) => ({
    kind,
    of: connection.prepare(`SELECT id FROM ${kind} ORDER BY id`).pluck().all() as string[],
  }))
  const cloned = TABLES.map((table) => `'${table}'`).join(', ')
  const originals = `SELECT count(*) FROM change WHERE seq <= ${seq} AND tbl IN (${cloned})`
  told(`每份副本 ${one<number>(originals)} 条变更`)
  for (let copy = 0; copy < copies; copy++) {
    const later = (copy + 1) * seq
    connection.transaction(() => {
      connection.exec('UPDATE capture_context SET applying = 1')
      for (const table of [...TABLES, ...Object.keys(DERIVED)]) {
        const columns = columnsOf(table)
        const key = DERIVED[table]?.[0] ?? 'id'
        connection.exec(`INSERT INTO ${table} (${columns.join(', ')})
          SELECT ${expressions(table, columns, copy + 1).join(', ')} FROM ${table} WHERE substr(${key}, 14, 2) = '-7'`)
      }
      const moved: Readonly<Record<string, string>> = {
        seq: `seq + ${later}`,
        lamport: `lamport + ${later}`,
        row_id: idOf('row_id', copy + 1),
        body: idOf('body', copy + 1),
      }
      for (const table of ['change', 'head']) {
        const columns = columnsOf(table)
        connection.exec(`INSERT INTO ${table} (${columns.join(', ')})
          SELECT ${columns.map((column) => moved[column] ?? column).join(', ')} FROM ${table}
          WHERE seq <= ${seq} AND tbl IN (${cloned})`)
      }
      const clonedId = connection.prepare(`SELECT ${idOf('?', copy + 1)}`).pluck()
      for (const { kind, of } of ids) for (const id of of) refreshDocs(db, kind, String(clonedId.get(id)))
      db.run(sql`UPDATE capture_context SET applying = 0, seq = seq + ${seq}, lamport = lamport + ${seq}`)
      db.run(sql`UPDATE known_replica SET seq = seq + ${seq}, lamport = lamport + ${seq} WHERE mine = 1`)
    })()
    told(`已复制 ${copy + 1} / ${copies} 份`)
  }
}
