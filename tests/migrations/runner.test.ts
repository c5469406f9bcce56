import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setKey } from '../../db/connection'
import { newestVersion } from '../../db/migrate'
import { MIGRATIONS } from '../../db/migrations'
import type { Migration } from '../../db/migrations/migration'
import { closeStore, connect, openHeld } from '../../db/open'
import { insertRow } from '../../db/rows'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { codeIn } from '../helpers/errors'
import { createTestCentre, type TestCentre } from '../helpers/store'

let centre: TestCentre
beforeEach(() => {
  centre = createTestCentre()
  writeTx(centre.base, centre.adminActor, (tx) => {
    const matter = { name: '一', value: { text: '原来的' } }
    for (let count = 0; count < 20; count++) insertRow(tx, 'setting', { ...matter, name: `设置${count}` })
  })
  closeStore(centre.base)
})
afterEach(() => {
  centre.dispose()
})

const NEWEST = newestVersion(MIGRATIONS.base)
const step = (up: Migration['up'], version = NEWEST + 10): Migration => ({ version, up })
const openWith = (...steps: readonly Migration[]): Store => {
  const { dataDir, clock, random, held } = centre
  const migrations = [...MIGRATIONS.base, ...steps]
  return openHeld({ dataDir, compartment: 'base', keys: [held.key], clock, random, migrations }).store
}
const count = (store: Store, table: string): unknown =>
  store.connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
const version = (store: Store): unknown => store.connection.pragma('user_version', { simple: true })

test('a step that rewrites every row captures nothing, and capture is on again afterwards', () => {
  const before = openWith()
  const changes = count(before, 'change')
  closeStore(before)
  const store = openWith(
    step((connection) => {
      connection.exec(`UPDATE setting SET value = '{"text":"改写的"}'; UPDATE staff SET phone = '000'`)
    }),
  )
  expect(count(store, 'change')).toBe(changes)
  expect(
    store.connection.prepare(`SELECT count(*) FROM setting WHERE value LIKE '%改写%'`).pluck().get(),
  ).toBe(20)
  expect(version(store)).toBe(NEWEST + 10)
  expect(store.connection.prepare('SELECT applying, schema FROM capture_context').get()).toEqual({
    applying: 0,
    schema: NEWEST + 10,
  })
  writeTx(store, centre.adminActor, (tx) => insertRow(tx, 'setting', { name: '之后', value: 1 }))
  expect(count(store, 'change')).toBe(Number(changes) + 1)
  closeStore(store)
})

test('before it the file is copied under the same key, with the old version, and no copy replaces another', () => {
  closeStore(openWith(step((connection) => connection.exec('CREATE TABLE one (a TEXT) STRICT'))))
  centre.clock.advance(1)
  closeStore(
    openWith(
      step((connection) => connection.exec('SELECT 1')),
      step((connection) => connection.exec('CREATE TABLE two (a TEXT) STRICT'), NEWEST + 20),
    ),
  )
  const folder = join(centre.dataDir, 'before-upgrade')
  const copies = readdirSync(folder).sort()
  expect(copies).toHaveLength(2)
  const connection = connect(join(folder, copies[0] ?? ''), 'read')
  setKey(connection, centre.held.key)
  expect(connection.pragma('user_version', { simple: true })).toBe(NEWEST)
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok')
  connection.close()
})

test('a step that fails leaves version, tables, rows and foreign keys as they were', () => {
  const failing = step((connection) => {
    connection.exec('CREATE TABLE half (a TEXT) STRICT; DELETE FROM setting')
    throw new Error('half way')
  })
  expect(() => openWith(failing)).toThrow()
  const store = openWith()
  expect(version(store)).toBe(NEWEST)
  expect(count(store, 'setting')).toBe(20)
  expect(count(store, `sqlite_schema WHERE name = 'half'`)).toBe(0)
  expect(store.connection.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(store.connection.prepare('SELECT applying FROM capture_context').pluck().get()).toBe(0)
  closeStore(store)
})

test('children survive the rebuild of their parent; a reference left dangling stops the step', () => {
  const rebuild = step((connection) => {
    connection.exec(`CREATE TABLE parent (id TEXT PRIMARY KEY) STRICT; INSERT INTO parent VALUES ('p');
      CREATE TABLE child (id TEXT PRIMARY KEY, parent_id TEXT REFERENCES parent (id) ON DELETE CASCADE) STRICT;
      INSERT INTO child VALUES ('c', 'p');
      CREATE TABLE parent_new (id TEXT PRIMARY KEY, more TEXT) STRICT; INSERT INTO parent_new SELECT id, '' FROM parent;
      DROP TABLE parent; ALTER TABLE parent_new RENAME TO parent`)
  })
  const store = openWith(rebuild)
  expect(count(store, 'child')).toBe(1)
  closeStore(store)
  const dangling = step((connection) => connection.exec(`DELETE FROM parent`), NEWEST + 20)
  expect(() => openWith(rebuild, dangling)).toThrow()
  const after = openWith(rebuild)
  expect(count(after, 'parent')).toBe(1)
  closeStore(after)
})

test('a rebuilt table has its capture triggers again', () => {
  const store = openWith(
    step((connection) => {
      connection.exec(`CREATE TABLE setting_new (id TEXT NOT NULL PRIMARY KEY, org_id TEXT NOT NULL, name TEXT NOT NULL,
          value TEXT NOT NULL) STRICT;
        INSERT INTO setting_new SELECT id, org_id, name, value FROM setting;
        DROP TABLE setting; ALTER TABLE setting_new RENAME TO setting`)
    }),
  )
  const changes = count(store, 'change')
  writeTx(store, centre.adminActor, (tx) => insertRow(tx, 'setting', { name: '之后', value: 1 }))
  expect(count(store, 'change')).toBe(Number(changes) + 1)
  closeStore(store)
})

test('an older program refuses a newer file, and a list out of order is a mistake', () => {
  closeStore(openWith(step((connection) => connection.exec('SELECT 1'))))
  expect(codeIn(() => openWith())).toBe('FILE_NEWER')
  expect(() => newestVersion([step(() => undefined, 20), step(() => undefined, 10)])).toThrow(/order/)
  expect(() => newestVersion([step(() => undefined, 15)])).toThrow(/order/)
})

test('a file of this version is not copied', () => {
  closeStore(openWith())
  expect(existsSync(join(centre.dataDir, 'before-upgrade'))).toBe(false)
})
