import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createCentre,
  exported,
  imported,
  visitInput,
  type Centre,
  type Terminal,
} from '../helpers/terminals'

let centre: Centre
let first: Terminal
let second: Terminal
let third: Terminal
beforeAll(async () => {
  centre = await createCentre()
  first = centre.first
  second = await centre.join('second')
  third = await centre.join('third')
})
afterAll(() => centre.dispose())

let trips = 0
const place = (): string => join(centre.root, `trip-${(trips += 1)}`)
const register = async (terminal: Terminal, name: string) => {
  const wang = await terminal.seat('wang')
  return wang.call('visit.register', visitInput(name))
}
/** One file to the whole centre, taken in at each of these terminals. */
const carryTo = async (from: Terminal, ...to: Terminal[]) => {
  const folder = place()
  await exported(await from.seat('wang'), folder)
  const outcomes = []
  for (const terminal of to) outcomes.push(...(await imported(await terminal.seat('wang'), folder)))
  return outcomes
}

test('what one terminal registered is on the other after one trip; importing twice changes nothing', async () => {
  const { number, matterId } = await register(first, '陈大山')
  expect(number).toMatch(/^26-01-/)
  const folder = place()
  expect(await exported(await first.seat('wang'), folder)).toHaveLength(1)
  const there = await second.seat('wang')
  expect(await imported(there, folder)).toMatchObject([{ outcome: 'applied', parked: 0, differences: 0 }])
  expect(await there.call('matter.get', { id: matterId })).toMatchObject({ number })
  const before = await second.dump()
  expect(before).toBe(await first.dump())
  expect(await imported(there, folder)).toMatchObject([{ outcome: 'already', applied: 0 }])
  expect(await second.dump()).toBe(before)
  expect(await second.verify()).toEqual([])
  expect(await imported(await third.seat('wang'), folder)).toMatchObject([{ outcome: 'applied' }])
})

test('terminals relay for each other: what A sent to B alone is on C through B', async () => {
  await carryTo(first, second, third)
  const { matterId } = await register(first, '郭春兰')
  const folder = place()
  const [file] = await exported(await first.seat('wang'), folder, 'second')
  expect(await imported(await third.seat('wang'), file ?? '')).toMatchObject([{ outcome: 'quarantined' }])
  expect(await imported(await second.seat('wang'), file ?? '')).toMatchObject([{ outcome: 'applied' }])
  expect(await carryTo(second, third)).toMatchObject([{ outcome: 'applied', parked: 0 }])
  const there = await third.seat('wang')
  expect(await there.call('matter.get', { id: matterId })).toMatchObject({ id: matterId })
  expect(await third.dump()).toBe(await first.dump())
  expect(await third.verify()).toEqual([])
})

test('a package whose predecessor is missing waits here, and is taken in when the earlier one comes', async () => {
  await carryTo(first, second, third)
  await register(first, '先来的')
  const early = place()
  const [earlier] = await exported(await first.seat('wang'), early)
  await register(first, '后来的')
  const late = place()
  await exported(await first.seat('wang'), late)
  const there = await second.seat('wang')
  const before = await second.dump()
  const [waiting] = await imported(there, late)
  expect(waiting).toMatchObject({ outcome: 'waits', applied: 0 })
  expect(waiting?.message).toMatch(/前面的数据包还没有到（还差 \d+ 条）/)
  expect(await second.dump()).toBe(before)
  expect((await there.call('exchange.status', {})).waiting).toBe(1)
  // The stick is gone: what waits was kept.
  rmSync(late, { recursive: true })
  expect(await imported(there, earlier ?? '')).toMatchObject([{ outcome: 'applied' }, { outcome: 'applied' }])
  expect((await there.call('exchange.status', {})).waiting).toBe(0)
  expect(await second.dump()).toBe(await first.dump())
  expect(await second.verify()).toEqual([])
  await carryTo(second, third)
})

test('a lost file costs one more trip, to the terminal by name', async () => {
  await register(first, '丢失的一份')
  const lost = place()
  await exported(await first.seat('wang'), lost)
  rmSync(lost, { recursive: true })
  await register(first, '再来的一份')
  expect(await carryTo(first, third)).toMatchObject([{ outcome: 'waits' }])
  const [file] = await exported(await first.seat('wang'), place(), 'third')
  expect(await imported(await third.seat('wang'), file ?? '')).toMatchObject([{ outcome: 'applied' }, {}])
  expect(await third.dump()).toBe(await first.dump())
  expect(await carryTo(third, second)).toMatchObject([{ outcome: 'applied' }])
  expect(await second.dump()).toBe(await first.dump())
})

test('nobody of that name: refused; the receipt turns 未送达 into 已送达', async () => {
  const wang = await first.seat('wang')
  const refused = await wang.refused('exchange.export', { to: '九号', out: wang.path(place()) })
  expect(refused).toMatchObject({ code: 'NOT_FOUND', field: 'to' })
  await register(first, '送到没有')
  expect((await wang.call('exchange.status', {})).text).toMatch(/^未送达/)
  await carryTo(first, second, third)
  await carryTo(second, first, third)
  await carryTo(third, first, second)
  const status = await wang.call('exchange.status', {})
  expect(status).toMatchObject({ delivered: true, waiting: 0, differences: 0 })
  expect(status.text).toMatch(/^已送达/)
})

test('a folder carries in rounds: own files are not taken back, nobody signed in says how many wait', async () => {
  const shared = place()
  mkdirSync(shared)
  for (const terminal of [first, second]) {
    const he = await terminal.seat('he')
    await he.call('exchange.set_folder', { folder: he.path(shared), everyMinutes: 5 })
  }
  await register(first, '收发目录')
  const wang = await first.seat('wang')
  expect(await wang.call('exchange.run', {})).toMatchObject({ sent: 1, outcomes: [] })
  expect(await wang.call('exchange.run', {})).toMatchObject({ sent: 0, outcomes: [] })
  expect(readdirSync(shared)).toHaveLength(1)
  await second.reopen()
  expect(second.core.carry()).toEqual({ out: 0, in: 1, waiting: 1 })
  expect(second.core.carry()).toEqual({ out: 0, in: 0, waiting: 1 })
  const there = await second.seat('wang')
  expect((await there.call('exchange.run', {})).outcomes).toMatchObject([{ outcome: 'applied', parked: 0 }])
  expect(await second.dump()).toBe(await first.dump())
  expect(second.core.carry()).toMatchObject({ waiting: 0 })
  // What came back as an acknowledgement ends it: nobody answers an answer.
  await there.call('exchange.run', {})
  expect(await wang.call('exchange.run', {})).toMatchObject({ sent: 0, outcomes: [{ applied: 0 }] })
  expect(await there.call('exchange.run', {})).toMatchObject({ sent: 0, outcomes: [] })
  expect(await wang.call('exchange.run', {})).toMatchObject({ sent: 0, outcomes: [] })
})

test('the folder is unplugged: a sentence says so, what is to go waits and goes later', async () => {
  const wang = await first.seat('wang')
  const shared = (await wang.call('exchange.status', {})).folder
  renameSync(shared, `${shared}.away`)
  await register(first, '拔掉的 U 盘')
  const refused = await wang.refused('exchange.run', {})
  expect(refused.code).toBe('NOT_FOUND')
  expect(refused.message).toContain('收发目录现在连不上')
  renameSync(`${shared}.away`, shared)
  await wang.call('exchange.run', {})
  const there = await second.seat('wang')
  expect((await there.call('exchange.run', {})).outcomes).toMatchObject([{ outcome: 'applied' }])
  expect(await second.dump()).toBe(await first.dump())
})

test('what a terminal has not acknowledged for a day goes to it in a package of its own', async () => {
  const wang = await first.seat('wang')
  const shared = (await wang.call('exchange.status', {})).folder
  await register(first, '没有回执')
  await wang.call('exchange.run', {})
  for (const name of readdirSync(shared)) rmSync(join(shared, name))
  expect(await wang.call('exchange.run', {})).toMatchObject({ sent: 0 })
  centre.clock.advance(25 * 60 * 60 * 1000)
  expect((await wang.call('exchange.run', {})).sent).toBeGreaterThan(0)
  expect(await wang.call('exchange.run', {})).toMatchObject({ sent: 0 })
  const there = await second.seat('wang')
  await there.call('exchange.run', {})
  expect(await second.dump()).toBe(await first.dump())
})
