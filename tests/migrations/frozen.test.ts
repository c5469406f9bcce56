import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { SCHEMAS } from '../../db/schema'
import type { Schema } from '../../db/schema/declare'
import { createTestStores } from '../helpers/store'

const FOLDER = join(import.meta.dirname, '../../db/migrations')
const checksums = JSON.parse(readFileSync(join(FOLDER, 'checksums.json'), 'utf8')) as Record<string, string>

test('a shipped migration is never edited: its checksum is that of checksums.json', () => {
  const files = readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.ts$/.test(name))
  const found = files.map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(FOLDER, name)))
      .digest('hex'),
  ])
  expect(Object.fromEntries(found)).toEqual(checksums)
})

test('nothing from outside the folder is imported by a migration', () => {
  for (const name of readdirSync(FOLDER).filter((file) => /^\d{4}-/.test(file))) {
    const imports = [...readFileSync(join(FOLDER, name), 'utf8').matchAll(/from '([^']+)'/g)].map(
      (match) => match[1],
    )
    expect(imports.filter((from) => from !== './migration')).toEqual([])
  }
})

const SQL_TYPE: Readonly<Record<string, string>> = {
  instant: 'INTEGER',
  int: 'INTEGER',
  fen: 'INTEGER',
  bool: 'INTEGER',
}

test.each(COMPARTMENTS)(
  'the tables of %s are those of the declaration, no UNIQUE, CHECK across columns or REAL',
  (name: Compartment) => {
    const stores = createTestStores({ compartments: [name] })
    const { connection } = stores.store(name)
    const schema: Schema = SCHEMAS[name]
    for (const [table, decl] of Object.entries(schema)) {
      const columns = connection.pragma(`table_info(${table})`) as {
        name: string
        type: string
        notnull: number
      }[]
      const wanted = Object.entries(decl.fields).map(([field, { type, nullable }]) => [
        field,
        SQL_TYPE[type] ?? 'TEXT',
        nullable === true ? 0 : 1,
      ])
      expect([table, columns.map((column) => [column.name, column.type, column.notnull])]).toEqual([
        table,
        [['id', 'TEXT', 1], ['org_id', 'TEXT', 1], ...wanted],
      ])
      const indexes = connection.pragma(`index_list(${table})`) as { unique: number; origin: string }[]
      expect(indexes.filter((index) => index.unique === 1 && index.origin !== 'pk')).toEqual([])
      const references = connection.pragma(`foreign_key_list(${table})`) as { table: string; from: string }[]
      const root = decl.root === undefined ? [] : [{ table: decl.root.table, from: decl.root.field }]
      expect(references.map((key) => ({ table: key.table, from: key.from }))).toEqual(root)
    }
    stores.dispose()
  },
)
