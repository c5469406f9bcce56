import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../db/sql'
import { restoreFolder } from '../../electron/core/restore'
import { codeIn } from '../helpers/errors'
import { TEST_PASSWORD } from '../helpers/store'
import { createCentre, exported, imported, openTerminal, visitInput } from '../helpers/terminals'
import type { Centre, Terminal } from '../helpers/terminals'
import { lookInto } from './packages'

let centre: Centre
let first: Terminal
let second: Terminal
beforeAll(async () => {
  centre = await createCentre()
  first = centre.first
  second = await centre.join('second')
})
afterAll(() => centre.dispose())

let trips = 0
const place = (): string => join(centre.root, `trip-${(trips += 1)}`)
const register = async (terminal: Terminal, name: string) =>
  (await terminal.seat('wang')).call('visit.register', visitInput(name))
/** One file to the whole centre, taken in at each of these. */
const carryTo = async (from: Terminal, ...to: Terminal[]) => {
  const folder = place()
  await exported(await from.seat('wang'), folder)
  const outcomes = []
  for (const terminal of to) outcomes.push(...(await imported(await terminal.seat('wang'), folder)))
  return outcomes
}
const bothWays = async (a: Terminal, b: Terminal) => [...(await carryTo(a, b)), ...(await carryTo(b, a))]
/** As a machine's snapshot is put back: the folder itself stays the same, so that nothing on this machine can notice. */
const putBack = (image: string, dataDir: string): void => {
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name), { recursive: true })
  cpSync(image, dataDir, { recursive: true })
}
/** Last line of the dump: count and SHA-256. */
const sumOf = async (terminal: Terminal): Promise<string> => (await terminal.dump()).split('\n').at(-1) ?? ''
const backup = async (terminal: Terminal): Promise<string> => {
  const out = place()
  const he = await terminal.seat('he')
  const { files } = await he.call('backup.make', { out: he.path(out) })
  expect(files.find((file) => file.compartment === 'base')).toMatchObject({ verified: true })
  return out
}
const restored = (terminal: Terminal, from: string, password = TEST_PASSWORD) =>
  restoreFolder({ dataDir: terminal.dataDir, from, account: 'he', password, clock: centre.clock })
const replicaOf = (terminal: Terminal): string =>
  lookInto(terminal.dataDir, 'base', ({ db }) =>
    String(db.get<{ replica: string }>(sql`SELECT replica FROM capture_context`)?.replica),
  )

test('an old backup restored, exchange both ways: same dump, numbers go on with a gap', async () => {
  const early = await register(first, '备份之前')
  await bothWays(first, second)
  const folder = await backup(first)
  const lost = await register(first, '备份之后，已送出')
  const theirs = await register(second, '对方登记的')
  await carryTo(first, second)
  const before = replicaOf(first)
  await first.close()
  expect(codeIn(() => restored(first, folder, '不是这个密码'))).toBe('WRONG_PASSWORD')
  expect(codeIn(() => restored(first, place()))).toBe('FILE_FOREIGN')
  const { movedTo } = restored(first, folder)
  expect(readdirSync(movedTo ?? '')).toContain('base.db')
  await first.reopen()
  const wang = await first.seat('wang')
  expect(replicaOf(first)).not.toBe(before)
  expect((await wang.refused('matter.get', { id: lost.matterId })).code).toBe('NOT_FOUND')
  const after = await register(first, '恢复之后')
  const serial = (number: string): number => Number(number.split('-')[2])
  expect(serial(after.number)).toBeGreaterThan(serial(lost.number) + 90)
  expect(after.number.slice(0, 6)).toBe(early.number.slice(0, 6))
  const outcomes = await bothWays(first, second)
  expect(outcomes.map((one) => one.outcome)).toEqual(['applied', 'applied'])
  expect(outcomes.every((one) => one.parked === 0)).toBe(true)
  const dump = await first.dump()
  expect(await sumOf(first)).toBe(await sumOf(second))
  for (const { matterId } of [early, lost, theirs, after]) expect(dump).toContain(matterId)
  expect([...(await first.verify()), ...(await second.verify())]).toEqual([])
  // And on from there, as if nothing had been.
  await register(second, '继续登记')
  await bothWays(second, first)
  expect(await sumOf(first)).toBe(await sumOf(second))
})

test('what only the backup still had is not lost: its old name is vouched for after the keys are gone', async () => {
  const only = await register(first, '只在备份里')
  const folder = await backup(first)
  await first.close()
  restored(first, folder)
  await first.reopen()
  await carryTo(first, second)
  const there = await second.seat('wang')
  expect(await there.call('matter.get', { id: only.matterId })).toMatchObject({ id: only.matterId })
  await carryTo(second, first)
  expect(await sumOf(first)).toBe(await sumOf(second))
})

test('a folder put back unnoticed, state file and all: the peer knows more, and nothing is lost', async () => {
  await bothWays(first, second)
  await first.close()
  const image = place()
  cpSync(first.dataDir, image, { recursive: true })
  await first.reopen()
  const lost = await register(first, '快照之后')
  await bothWays(first, second)
  const before = replicaOf(first)
  await first.close()
  putBack(image, first.dataDir)
  await first.reopen()
  await first.seat('he')
  expect(replicaOf(first)).toBe(before)
  // Something comes from the peer first: it is noticed before the folder forks its own chain.
  await register(second, '对方又登记')
  const outcomes = await bothWays(second, first)
  expect(outcomes.some((one) => one.outcome === 'applied')).toBe(true)
  expect(replicaOf(first)).not.toBe(before)
  await bothWays(second, first)
  await bothWays(second, first)
  expect(await sumOf(first)).toBe(await sumOf(second))
  expect(await first.dump()).toContain(lost.matterId)
  expect([...(await first.verify()), ...(await second.verify())]).toEqual([])
})

test('a folder copied and used on both sides: noticed, no number from the copy, nothing lost', async () => {
  await bothWays(first, second)
  await second.close()
  const copyDir = place()
  cpSync(second.dataDir, copyDir, { recursive: true })
  await second.reopen()
  const copy = await openTerminal({ dataDir: copyDir, clock: centre.clock })
  try {
    const inCopy = await register(copy, '副本里登记')
    expect(inCopy.number).toBe('')
    expect(inCopy.numberProblem).toContain('终端号')
    expect((await (await copy.seat('wang')).call('session.info', {})).terminalNumber).toBe('未编号')
    const inOriginal = await register(second, '原件里登记')
    expect(inOriginal.number).not.toBe('')
    // What the copy writes reaches the very terminal it was copied from, too.
    await carryTo(copy, first, second)
    await carryTo(second, first, copy)
    await carryTo(first, second, copy)
    const dump = await first.dump()
    for (const { matterId } of [inCopy, inOriginal]) expect(dump).toContain(matterId)
    expect(await sumOf(second)).toBe(await sumOf(first))
    expect(await sumOf(copy)).toBe(await sumOf(first))
    for (const terminal of [first, second, copy]) expect(await terminal.verify()).toEqual([])
  } finally {
    await copy.close()
  }
})

test('two machines that look alike used one folder’s copies: the fork is named, both branches are kept', async () => {
  await bothWays(first, second)
  await first.close()
  const image = place()
  cpSync(first.dataDir, image, { recursive: true })
  await first.reopen()
  const one = await register(first, '分支一')
  const fileOne = await exported(await first.seat('wang'), place())
  await first.close()
  putBack(image, first.dataDir)
  await first.reopen()
  const two = await register(first, '分支二')
  const fileTwo = await exported(await first.seat('wang'), place())
  const there = await second.seat('wang')
  expect(await imported(there, fileOne[0] ?? '')).toMatchObject([{ outcome: 'applied' }])
  const [forked] = await imported(there, fileTwo[0] ?? '')
  expect(forked).toMatchObject({ outcome: 'applied' })
  expect(forked?.parked).toBeGreaterThan(0)
  expect(forked?.message).toContain('复制后两边使用')
  expect(await there.call('matter.get', { id: one.matterId })).toMatchObject({ id: one.matterId })
  const parked = lookInto(second.dataDir, 'base', ({ db }) =>
    db.all<{ change: string }>(sql`SELECT change FROM parked WHERE reason = 'fork' AND seq > 0`),
  )
  expect(parked.some((row) => row.change.includes(two.matterId))).toBe(true)
  expect(await second.verify()).toEqual([])
})
