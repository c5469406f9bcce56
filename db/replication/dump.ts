/** The canonical dump (DESIGN.md section 4): same data, same bytes. */
import { createHash } from 'node:crypto'
import type { Compartment } from '../../domain/compartments'
import type { ReadableDb } from '../handle'
import { SCHEMAS } from '../schema'
import { groupsOf, type Schema, type TableDecl } from '../schema/declare'
import { ident, sql } from '../sql'
import { canonical } from './canonical'
import { headsOf } from './heads'
import { settleHeads, type FieldValue, type Values } from './merge'

type Row = Readonly<Record<string, FieldValue>> & { readonly id: string }

const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

function printed(decl: TableDecl, name: string, value: FieldValue): FieldValue {
  return decl.dumpedAsHash === name && typeof value === 'string' ? sha256Hex(value) : value
}

const fieldsOf = (decl: TableDecl): string[] =>
  Object.entries(decl.fields)
    .filter(([, field]) => field.notDumped !== true)
    .map(([name]) => name)

/** Every value that stands, sorted, of each group that has an open difference. */
function openOf(db: ReadableDb, table: string, decl: TableDecl, id: string): Record<string, unknown> {
  const groups = db.all<{ grp: string }>(
    sql`SELECT grp FROM difference WHERE tbl = ${table} AND row_id = ${id} ORDER BY grp`,
  )
  const dumped = fieldsOf(decl)
  const open = groups.flatMap(({ grp }) => {
    const fields = groupsOf(decl).get(grp) ?? []
    if (!fields.some((name) => dumped.includes(name))) return []
    const { open: heads } = settleHeads(
      decl,
      fields,
      headsOf(db, decl, { table, row: id, group: grp }, fields),
    )
    const values = heads.map((head) => valuesOf(decl, fields, head.values ?? {}))
    return [[grp, values.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))] as const]
  })
  return Object.fromEntries(open)
}

function valuesOf(decl: TableDecl, fields: readonly string[], values: Values): Values {
  return Object.fromEntries(
    fields
      .filter((name) => decl.fields[name]?.notDumped !== true)
      .map((name) => [name, printed(decl, name, values[name] ?? null)]),
  )
}

function* rowsOf(db: ReadableDb, table: string, decl: TableDecl): Generator<string> {
  const open = new Set(
    db
      .all<{ row_id: string }>(sql`SELECT DISTINCT row_id FROM difference WHERE tbl = ${table}`)
      .map((row) => row.row_id),
  )
  for (const row of db.iterate<Row>(sql`SELECT * FROM ${ident(table)} ORDER BY id`)) {
    // A voided merge is as if it had not been.
    if (table === 'person_alias' && row['voided'] === 1) continue
    yield canonical({
      table,
      id: row.id,
      org_id: row['org_id'],
      values: valuesOf(decl, fieldsOf(decl), row),
      ...(open.has(row.id) ? { open: openOf(db, table, decl, row.id) } : {}),
    })
  }
}

/**
 * @returns lines of NDJSON without their line ends: record and event rows and valid aliases by table and id; a field with
 *   several values prints them all; the last line holds the count and the SHA-256 (hex) of all before, line ends included
 */
export function* logicalDump(db: ReadableDb, compartment: Compartment): Generator<string> {
  const schema: Schema = SCHEMAS[compartment]
  const digest = createHash('sha256')
  let count = 0
  for (const table of Object.keys(schema).sort()) {
    const decl = schema[table]
    if (decl === undefined || decl.notDumped === true) continue
    for (const line of rowsOf(db, table, decl)) {
      digest.update(`${line}\n`, 'utf8')
      count++
      yield line
    }
  }
  yield canonical({ count, sha256: digest.digest('hex') })
}
