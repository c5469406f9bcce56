import { appendFileSync, copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../domain/errors'
import { setKey } from '../../db/connection'
import { closeStore, connect, fileOf, openReader, openStore } from '../../db/open'
import { refusal } from '../helpers/errors'
import { createTestStores, testFolder, type TestStores } from '../helpers/store'

let stores: TestStores
beforeEach(() => {
  stores = createTestStores({ compartments: ['psych'] })
})
afterEach(() => {
  stores.dispose()
})

const open = (keys = [stores.keyOf('base')]) =>
  openStore({
    dataDir: stores.dataDir,
    compartment: 'base',
    keys,
    clock: stores.clock,
    random: stores.random,
  })

describe('settings of an open file', () => {
  const wanted: readonly (readonly [string, string | number])[] = [
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['temp_store', 2],
    ['trusted_schema', 0],
    ['recursive_triggers', 1],
    ['foreign_keys', 1],
    ['locking_mode', 'normal'],
    ['cell_size_check', 1],
    ['fullfsync', 1],
  ]
  it.each(wanted)('%s at the first opening and at every later one', (name, value) => {
    expect(stores.base.connection.pragma(name, { simple: true })).toBe(value)
    const again = stores.reopen('base')
    expect(again.connection.pragma(name, { simple: true })).toBe(value)
  })

  it('without our setting a WAL file reopens with NORMAL, which loses saves at a power cut', () => {
    closeStore(stores.base)
    const bare = connect(fileOf(stores.dataDir, 'base'), 'write')
    setKey(bare, stores.keyOf('base'))
    bare.prepare('SELECT count(*) FROM meta').get()
    expect(bare.pragma('synchronous', { simple: true })).toBe(1)
    bare.close()
  })

  it('leaves no text of a record readable in any file of the folder', () => {
    const secret = '绝不能以明文出现的话'
    stores.base.connection.prepare(`INSERT INTO local_setting VALUES ('x', ?)`).run(secret)
    stores.base.connection.exec(`CREATE TEMP TABLE big AS SELECT value FROM local_setting ORDER BY value`)
    for (const name of ['base.db', 'base.db-wal'])
      expect(readFileSync(join(stores.dataDir, name)).includes(Buffer.from(secret))).toBe(false)
  })
})

describe('a reader', () => {
  it('sees what the writer commits and cannot write', () => {
    const reader = openReader({
      dataDir: stores.dataDir,
      compartment: 'base',
      keys: [stores.keyOf('base')],
    })
    stores.base.connection.prepare(`INSERT INTO local_setting VALUES ('a', 'b')`).run()
    expect(reader.connection.prepare('SELECT value FROM local_setting').pluck().get()).toBe('b')
    expect(() => reader.connection.prepare('DELETE FROM local_setting').run()).toThrow(/readonly/)
    reader.connection.close()
  })
})

describe('bad files are told apart and left as they are', () => {
  const cases: readonly (readonly [string, ErrorCode, RegExp, (file: string) => void])[] = [
    ['an empty file', 'FILE_EMPTY', /空的/, (file) => writeFileSync(file, '')],
    [
      'a plain database',
      'FILE_FOREIGN',
      /不是本系统/,
      (file) => writeFileSync(file, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8176)])),
    ],
    [
      'something of another size',
      'FILE_FOREIGN',
      /不是本系统/,
      (file) => writeFileSync(file, randomBytes(5000)),
    ],
    ['another centre', 'FILE_OTHER_CENTRE', /另一个中心/, (file) => writeFileSync(file, randomBytes(8192))],
    [
      'the psych file in its place',
      'FILE_FOREIGN',
      /心理服务专库/,
      (file) => copyFileSync(fileOf(stores.dataDir, 'psych'), file),
    ],
    [
      'a flipped bit in the first page',
      'FILE_DAMAGED',
      /已损坏/,
      (file) => {
        const bytes = readFileSync(file)
        bytes[1000] = (bytes[1000] ?? 0) ^ 1
        writeFileSync(file, bytes)
      },
    ],
    [
      'a file cut short',
      'FILE_DAMAGED',
      /已损坏/,
      (file) => {
        truncateSync(file, readFileSync(file).length - 4096)
      },
    ],
    [
      'a newer version',
      'FILE_NEWER',
      /升级/,
      (file) => {
        const connection = connect(file, 'write')
        setKey(connection, stores.keyOf('base'))
        connection.pragma('user_version = 99990')
        connection.close()
      },
    ],
  ]
  it.each(cases)('%s', (_name, code, words, spoil) => {
    closeStore(stores.base)
    closeStore(stores.store('psych'))
    const file = fileOf(stores.dataDir, 'base')
    spoil(file)
    const before = readFileSync(file)
    const error = refusal(() => open())
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('a newer file with a log that was not folded in stays as it is too', () => {
    const file = fileOf(stores.dataDir, 'base')
    stores.base.connection.pragma('user_version = 99990')
    const log = readFileSync(`${file}-wal`)
    const before = readFileSync(file)
    const folder = testFolder()
    for (const name of ['base.db', 'base.db-wal', 'keys.json', 'state'])
      copyFileSync(join(stores.dataDir, name), join(folder.path, name))
    const error = refusal(() =>
      openStore({
        dataDir: folder.path,
        compartment: 'base',
        keys: [stores.keyOf('base')],
        clock: stores.clock,
        random: stores.random,
      }),
    )
    expect(error.code).toBe('FILE_NEWER')
    expect(readFileSync(join(folder.path, 'base.db')).equals(before)).toBe(true)
    expect(readFileSync(join(folder.path, 'base.db-wal')).equals(log)).toBe(true)
    folder.remove()
  })

  it('a file that is gone, and a folder with no centre', () => {
    const folder = testFolder()
    const lone = {
      compartment: 'base',
      keys: [stores.keyOf('base')],
      clock: stores.clock,
      random: stores.random,
    }
    expect(refusal(() => openStore({ ...lone, compartment: 'base', dataDir: folder.path })).code).toBe(
      'NOT_SET_UP',
    )
    copyFileSync(join(stores.dataDir, 'keys.json'), join(folder.path, 'keys.json'))
    expect(refusal(() => openStore({ ...lone, compartment: 'base', dataDir: folder.path })).message).toMatch(
      /不见了/,
    )
    folder.remove()
  })

  it('bytes after the end of our own file do no harm', () => {
    closeStore(stores.base)
    appendFileSync(fileOf(stores.dataDir, 'base'), Buffer.alloc(100))
    open().connection.close()
  })
})

describe('the key', () => {
  it('another key is damage, never a silent new file; during a rotation both are tried', () => {
    closeStore(stores.base)
    const other = new Uint8Array(randomBytes(32))
    expect(refusal(() => open([other])).code).toBe('FILE_DAMAGED')
    open([other, stores.keyOf('base')]).connection.close()
  })
})
