import { cpSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drawNumber } from '../../db/numbers'
import { noteRestored } from '../../db/folder'
import { introduceReplica, trustedReplicas } from '../../db/joining/intro'
import { closeStore, openHeld } from '../../db/open'
import { takeOwnerLock } from '../../db/ownerLock'
import { replicaKeysOf } from '../../db/keys/replica'
import { writeTx } from '../../db/transaction'
import { classifyError } from '../../db/errors'
import { readState, writeState } from '../../db/stateFile'
import type { Store } from '../../db/store'
import { codeIn, refusal } from '../helpers/errors'
import { createTestCentre, createTestStores, testFolder, type TestCentre } from '../helpers/store'

const draw = (centre: TestCentre, store: Store, subject: string) =>
  writeTx(store, centre.adminActor, (tx) => drawNumber(tx, 'matter', subject, 'not_confirmed')).number

describe('whose folder it is', () => {
  let centre: TestCentre
  beforeEach(() => {
    centre = createTestCentre()
  })
  afterEach(() => {
    centre.dispose()
  })
  const openIn = (dataDir: string): Store => {
    const { clock, random, held } = centre
    return openHeld({ dataDir, compartment: 'base', keys: [held.key], clock, random }).store
  }

  test('opened again where it was closed: the same replica', () => {
    const { replica } = centre.base
    closeStore(centre.base)
    const again = openIn(centre.dataDir)
    expect(again.replica).toBe(replica)
    closeStore(again)
  })

  test('a copied folder is another replica with keys of its own, introduced, and draws no number', () => {
    expect(draw(centre, centre.base, 'm1')).toBe('26-01-0001')
    const keys = replicaKeysOf(centre.base)
    closeStore(centre.base)
    const folder = testFolder()
    const copy = join(folder.path, 'copy')
    cpSync(centre.dataDir, copy, { recursive: true })
    const original = openIn(centre.dataDir)
    expect(original.replica).toBe(centre.base.replica)
    const copied = openIn(copy)
    expect(copied.replica).not.toBe(original.replica)
    expect(copied.terminalNumber).toBe('')
    expect(replicaKeysOf(copied).identity).not.toBe(keys.identity)
    expect(draw(centre, copied, 'm2')).toBe('')
    introduceReplica(copied, copied, centre.adminActor)
    introduceReplica(copied, copied, centre.adminActor)
    const mine = trustedReplicas(copied, 'base').filter((one) => one.replica === copied.replica)
    expect(mine).toMatchObject([{ predecessor: '', predecessor_seq: 0 }])
    closeStore(copied)
    const second = openIn(copy)
    expect(second.replica).toBe(copied.replica)
    closeStore(second)
    expect(draw(centre, original, 'm3')).toBe('26-01-0002')
    closeStore(original)
    folder.remove()
  })

  test('an older database put back: a new replica, numbers go on a hundred above', () => {
    draw(centre, centre.base, 'm1')
    closeStore(centre.base)
    const file = centre.base.file
    const old = readFileSync(file)
    const newer = openIn(centre.dataDir)
    for (const subject of ['m2', 'm3', 'm4']) draw(centre, newer, subject)
    closeStore(newer)
    writeFileSync(file, old)
    const back = openIn(centre.dataDir)
    expect(back.replica).not.toBe(newer.replica)
    introduceReplica(back, back, centre.adminActor)
    const mine = trustedReplicas(back, 'base').filter((one) => one.replica === back.replica)
    expect(mine).toMatchObject([{ predecessor: newer.replica }])
    expect(mine[0]?.predecessor_seq).toBeGreaterThan(0)
    expect(back.terminalNumber).toBe('01')
    expect(draw(centre, back, 'm5')).toBe('26-01-0105')
    closeStore(back)
  })

  test('after a restore every compartment is a new replica, once', () => {
    closeStore(centre.base)
    noteRestored(centre.dataDir, ['base'])
    const first = openIn(centre.dataDir)
    expect(first.replica).not.toBe(centre.base.replica)
    closeStore(first)
    const second = openIn(centre.dataDir)
    expect(second.replica).toBe(first.replica)
    closeStore(second)
  })

  test('a note torn in the middle leaves the one before', () => {
    const before = readState(centre.dataDir)
    writeState(centre.dataDir, { mark: '新', replicas: {} })
    const path = join(centre.dataDir, 'state')
    const bytes = readFileSync(path)
    const at = bytes.indexOf(Buffer.from('"replicas":{}'))
    bytes.fill(0, at, at + 4)
    writeFileSync(path, bytes)
    expect(readState(centre.dataDir)).toEqual(before)
  })
})

describe('one owner', () => {
  test('a second one is told at once; a released or killed one leaves nothing behind', async () => {
    const folder = testFolder()
    const lock = takeOwnerLock(folder.path)
    expect(codeIn(() => takeOwnerLock(folder.path))).toBe('IN_USE')
    lock.release()
    const script = `import D from 'better-sqlite3'; const d = new D(${JSON.stringify(join(folder.path, 'owner.lock'))});
      d.pragma('journal_mode = MEMORY'); d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const started = performance.now()
    expect(codeIn(() => takeOwnerLock(folder.path))).toBe('IN_USE')
    expect(performance.now() - started).toBeLessThan(500)
    child.kill('SIGKILL')
    await once(child, 'exit')
    takeOwnerLock(folder.path).release()
    folder.remove()
  })
})

describe('a folder or disk that does not take it', () => {
  test('a full disk refuses the save, keeps what was there, and takes the next one when there is room', () => {
    const stores = createTestStores()
    const { connection } = stores.base
    connection.prepare(`INSERT INTO local_setting VALUES ('before', 'x')`).run()
    const pages = Number(connection.pragma('page_count', { simple: true }))
    connection.pragma(`max_page_count = ${pages}`)
    const big = 'x'.repeat(200_000)
    let error: unknown
    try {
      connection.prepare(`INSERT INTO local_setting VALUES ('big', ?)`).run(big)
    } catch (thrown) {
      error = thrown
    }
    expect(classifyError(error)).toMatchObject({ code: 'DISK_FULL' })
    expect(classifyError(error).message).toContain('还在屏幕上')
    connection.pragma('max_page_count = 1073741823')
    connection.prepare(`INSERT INTO local_setting VALUES ('big', ?)`).run(big)
    expect(
      connection.prepare(`SELECT count(*) FROM local_setting WHERE name IN ('before', 'big')`).pluck().get(),
    ).toBe(2)
    stores.dispose()
  })

  test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'a disk that is really full (8 MB)',
    () => {
      const dir = mkdtempSync(join(tmpdir(), 'maotiao-full-'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir])
      try {
        const centre = createTestCentre({ folder: join(dir, 'data') })
        const save = (value: string) =>
          writeTx(centre.base, centre.adminActor, (tx) => {
            tx.run({ text: `INSERT INTO local_setting VALUES (?, ?)`, params: [`s${value.length}`, value] })
          })
        const saved: number[] = []
        const error = refusal(() => {
          for (let length = 300_000; ; length += 1) {
            save('x'.repeat(length))
            saved.push(length)
          }
        })
        expect(error.code).toBe('DISK_FULL')
        expect(saved.length).toBeGreaterThan(0)
        const kept = centre.base.connection.prepare(
          `SELECT count(*) FROM local_setting WHERE name LIKE 's3%'`,
        )
        expect(kept.pluck().get()).toBe(saved.length)
        expect(centre.base.connection.pragma('integrity_check', { simple: true })).toBe('ok')
        centre.dispose()
      } finally {
        execFileSync('umount', [dir])
        rmSync(dir, { recursive: true })
      }
    },
  )

  test('a write-protected folder is named as such', () => {
    const stores = createTestStores()
    const dir = stores.dataDir
    closeStore(stores.base)
    const readOnly = mkdtempSync(join(tmpdir(), 'maotiao-ro-'))
    for (const name of ['base.db', 'keys.json', 'state']) copyFileSync(join(dir, name), join(readOnly, name))
    const open = () =>
      openHeld({
        dataDir: readOnly,
        compartment: 'base',
        keys: [stores.keyOf('base')],
        clock: stores.clock,
        random: stores.random,
      })
    const root = process.getuid?.() === 0
    // For root permissions say nothing: a read-only mount does.
    if (root) {
      execFileSync('mount', ['--bind', readOnly, readOnly])
      execFileSync('mount', ['-o', 'remount,ro,bind', readOnly])
    } else execFileSync('chmod', ['-R', 'a-w', readOnly])
    try {
      expect(codeIn(() => takeOwnerLock(readOnly))).toBe('READ_ONLY')
      expect(codeIn(open)).toBe('READ_ONLY')
    } finally {
      if (root) execFileSync('umount', [readOnly])
      else execFileSync('chmod', ['-R', 'u+w', readOnly])
      rmSync(readOnly, { recursive: true })
      stores.dispose()
    }
  })
})
