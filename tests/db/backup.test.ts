import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { makeBackup, vacuumCopy } from '../../db/backup'
import { setKey } from '../../db/connection'
import { readKeysFile, RECOVERY } from '../../db/keys/file'
import { recoveryPairs } from '../../db/keys/pairs'
import { openSlots } from '../../db/keys/slots'
import { closeStore, connect, openHeld, type HeldStore } from '../../db/open'
import { logicalDump } from '../../db/replication/dump'
import { restoreBackup } from '../../db/restore'
import { insertRow } from '../../db/rows'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { codeIn } from '../helpers/errors'
import { createTestCentre, testFolder, type TestCentre } from '../helpers/store'

let centre: TestCentre
let place: ReturnType<typeof testFolder>
beforeEach(() => {
  centre = createTestCentre()
  place = testFolder()
})
afterEach(() => {
  centre.dispose()
  place.remove()
})

const keysOf = (compartment: Compartment) =>
  openSlots(
    readKeysFile(centre.dataDir),
    compartment,
    RECOVERY,
    recoveryPairs(centre.recoverySecret).boxPrivate,
  )
const backup = (stores: readonly HeldStore[] = [centre.held]) =>
  makeBackup({ dataDir: centre.dataDir, out: place.path, stores, clock: centre.clock })
const write = (store: Store, name: string) =>
  writeTx(store, centre.adminActor, (tx) => insertRow(tx, 'setting', { name, value: name }))
const dump = (store: Store): string => [...logicalDump(store.db, store.compartment)].join('\n')
const openIn = (dataDir: string, compartment: Compartment = 'base') => {
  const { clock, random } = centre
  return openHeld({ dataDir, compartment, keys: keysOf(compartment), clock, random }).store
}

test('a copy of each compartment opens with its own key and no other', () => {
  for (const compartment of COMPARTMENTS) {
    const file = join(place.path, `${compartment}.db`)
    vacuumCopy(centre.dataDir, compartment, keysOf(compartment), file)
    for (const other of COMPARTMENTS) {
      const [key] = keysOf(other)
      if (key === undefined) throw new Error('no key')
      const connection = connect(file, 'read')
      setKey(connection, key)
      const read = () =>
        connection.prepare('SELECT value FROM meta WHERE name = ?').pluck().get('compartment')
      if (other === compartment) expect(read()).toBe(compartment)
      else expect(read).toThrow(/not a database/)
      connection.close()
    }
  }
})

test('made beside saves, verified where it could be opened, restored as another replica with the same rows', () => {
  write(centre.base, '备份前')
  const before = dump(centre.base)
  const made = backup()
  expect(made.files).toEqual([
    { compartment: 'base', verified: true },
    { compartment: 'psych', verified: false },
    { compartment: 'roster', verified: false },
    { compartment: 'children', verified: false },
  ])
  write(centre.base, '备份后')
  const fresh = join(place.path, 'fresh')
  const restored = restoreBackup(made.folder, fresh, centre.clock)
  expect(restored.movedTo).toBeNull()
  const base = openIn(fresh)
  expect(dump(base)).toBe(before)
  expect(base.replica).not.toBe(centre.base.replica)
  expect(base.terminalNumber).toBe('01')
  const psych = openIn(fresh, 'psych')
  expect(psych.connection.prepare('SELECT count(*) FROM box_secret').pluck().get()).toBe(1)
  closeStore(psych)
  closeStore(base)
})

test('restoring over a folder moves what was there aside, and takes the newest of a place', () => {
  backup()
  write(centre.base, '第二份里有')
  centre.clock.advance(60_000)
  backup()
  write(centre.base, '没有备份')
  closeStore(centre.base)
  const { movedTo } = restoreBackup(place.path, centre.dataDir, centre.clock)
  if (movedTo === null) throw new Error('nothing was moved')
  const base = openIn(centre.dataDir)
  expect(dump(base)).toContain('第二份里有')
  expect(dump(base)).not.toContain('没有备份')
  closeStore(base)
  const old = openIn(movedTo)
  expect(dump(old)).toContain('没有备份')
  closeStore(old)
  cpSync(movedTo, join(place.path, 'aside'), { recursive: true })
})

test('compartments may be of different dates: a closed one is copied with its log, beside its last verified copy', () => {
  const { clock, random, dataDir } = centre
  const psych = openHeld({ dataDir, compartment: 'psych', keys: keysOf('psych'), clock, random })
  backup([centre.held, psych])
  psych.store.connection.prepare(`INSERT INTO local_setting VALUES ('late', '1')`).run()
  // Killed: the log was not folded in.
  const folder = testFolder()
  const killed = join(folder.path, 'data')
  cpSync(dataDir, killed, { recursive: true })
  psych.store.connection.close()
  clock.advance(60_000)
  const made = makeBackup({ dataDir: killed, out: place.path, stores: [], clock })
  expect(readdirSync(made.folder)).toEqual(
    expect.arrayContaining(['psych.closed.db', 'psych.closed.db-wal', 'psych.db']),
  )
  const fresh = join(place.path, 'fresh')
  restoreBackup(made.folder, fresh, clock)
  const opened = openIn(fresh, 'psych')
  expect(opened.connection.prepare(`SELECT value FROM local_setting WHERE name = 'late'`).pluck().get()).toBe(
    '1',
  )
  closeStore(opened)
  folder.remove()
})

test('what is not whole, not ours or another centre’s is refused before anything moves', () => {
  const made = backup()
  const other = createTestCentre({ seed: 'other' })
  expect(codeIn(() => restoreBackup(made.folder, other.dataDir, centre.clock))).toBe('FILE_OTHER_CENTRE')
  other.dispose()
  expect(codeIn(() => restoreBackup(centre.dataDir, join(place.path, 'x'), centre.clock))).toBe(
    'FILE_FOREIGN',
  )
  const file = join(made.folder, 'base.db')
  const bytes = readFileSync(file)
  bytes[5000] = (bytes[5000] ?? 0) ^ 1
  writeFileSync(file, bytes)
  const before = readFileSync(join(centre.dataDir, 'keys.json'))
  expect(codeIn(() => restoreBackup(made.folder, centre.dataDir, centre.clock))).toBe('FILE_DAMAGED')
  expect(readFileSync(join(centre.dataDir, 'keys.json')).equals(before)).toBe(true)
  expect(existsSync(join(place.path, 'x'))).toBe(false)
})

test('a damaged source makes no backup and leaves nothing half made', () => {
  for (let count = 0; count < 100; count++) write(centre.base, `设置${count}`)
  closeStore(centre.base)
  const bytes = readFileSync(centre.base.file)
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1
  writeFileSync(centre.base.file, bytes)
  expect(codeIn(() => backup())).toBe('FILE_DAMAGED')
  expect(readdirSync(place.path)).toEqual([])
})
