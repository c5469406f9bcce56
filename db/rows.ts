/** Rows by the declaration: values as services give them on one side, columns on the other. */
import { AppError } from '../domain/errors'
import type { ReadableDb } from './handle'
import { checkValue } from './replication/check'
import type { FieldValue } from './replication/merge'
import { SCHEMAS, tableOf, type RowOf, type TableName } from './schema'
import type { FieldDecl, Schema, TableDecl } from './schema/declare'
import { ident, join, sql, type Sql } from './sql'
import type { WriteTx } from './store'

const LONE_SURROGATE = /\p{Surrogate}/gu

/** Text as it is stored: NFC, no NUL (SQLite would cut there), nothing that is not Unicode. */
const storedText = (text: string): string =>
  text.normalize('NFC').replaceAll('\u0000', '').replace(LONE_SURROGATE, '\ufffd')

function encode(field: FieldDecl, value: unknown): FieldValue {
  if (value === null) return null
  if (field.type === 'bool') return value === true || value === 1 ? 1 : 0
  if (field.type === 'json') return storedText(JSON.stringify(value))
  return typeof value === 'string' ? storedText(value) : (value as FieldValue)
}

function decode(field: FieldDecl, value: FieldValue): unknown {
  if (value === null) return null
  if (field.type === 'bool') return value === 1
  return field.type === 'json' ? (JSON.parse(String(value)) as unknown) : value
}

function columnsOf(decl: TableDecl, values: Readonly<Record<string, unknown>>): [string, FieldValue][] {
  return Object.entries(values).map(([name, value]) => {
    const field = decl.fields[name]
    if (field === undefined) throw new Error(`no such field: ${name}`)
    const stored = encode(field, value)
    const problem = checkValue(field, stored)
    if (problem !== undefined) throw new AppError('BAD_INPUT', `${field.label}${problem}`, { field: name })
    return [name, stored]
  })
}

function declared(tx: WriteTx, table: string): TableDecl {
  const decl = tableOf(tx.store.compartment, table)
  if (decl === undefined) throw new Error(`${table} is not a table of ${tx.store.compartment}`)
  return decl
}

/**
 * Inserts a row of a replicated table; `org_id` is the centre's.
 * @param values every field of the table
 * @param id the row's id where it follows from something (UUIDv5); a new UUIDv7 otherwise
 * @returns the row's id
 * @throws AppError BAD_INPUT with the field when a value does not fit the declaration
 */
export function insertRow<T extends TableName>(
  tx: WriteTx,
  table: T,
  values: RowOf<T>,
  id: string = tx.newId(),
): string {
  const columns = columnsOf(declared(tx, table), values)
  const names = join(
    columns.map(([name]) => ident(name)),
    ', ',
  )
  const stored = join(
    columns.map(([, value]) => sql`${value}`),
    ', ',
  )
  tx.run(
    sql`INSERT INTO ${ident(table)} (id, org_id, ${names}) VALUES (${id}, ${tx.store.centreId}, ${stored})`,
  )
  return id
}

/**
 * Changes fields of a row. Fields with the value they have are not captured.
 * @throws AppError NOT_FOUND, BAD_INPUT with the field
 */
export function patchRow<T extends TableName>(
  tx: WriteTx,
  table: T,
  id: string,
  patch: Partial<RowOf<T>>,
): void {
  const decl = declared(tx, table)
  const columns = columnsOf(decl, patch)
  if (columns.length === 0) return
  const sets: Sql[] = columns.map(([name, value]) => sql`${ident(name)} = ${value}`)
  const { changes } = tx.run(sql`UPDATE ${ident(table)} SET ${join(sets, ', ')} WHERE id = ${id}`)
  if (changes !== 1)
    throw new AppError('NOT_FOUND', `没有找到这条${decl.label}记录，没有保存。请返回列表刷新后再试。`)
}

const ALL_TABLES: Schema = Object.assign({}, ...Object.values(SCHEMAS)) as Schema

/** @returns a row as services know it, or undefined. The tables that compartments share are declared alike. */
export function getRow<T extends TableName>(
  db: ReadableDb,
  table: T,
  id: string,
): (RowOf<T> & { readonly id: string }) | undefined {
  const decl = ALL_TABLES[table]
  if (decl === undefined) throw new Error(`no such table: ${table}`)
  const row = db.get<Record<string, FieldValue>>(sql`SELECT * FROM ${ident(table)} WHERE id = ${id}`)
  if (row === undefined) return undefined
  const values = Object.entries(decl.fields).map(([name, field]) => [name, decode(field, row[name] ?? null)])
  return { id, ...(Object.fromEntries(values) as RowOf<T>) }
}
