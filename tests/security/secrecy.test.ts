import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Compartment } from '../../domain/compartments'
import { ROUTES, type RouteName } from '../../domain/contract'
import { connect } from '../../db/open'
import { setKey } from '../../db/connection'
import { ident, sql } from '../../db/sql'
import { exchangeKeys, keysOf, lookInto, unpacked } from '../exchange/packages'
import { TEST_PASSWORD } from '../helpers/store'
import { createCentre, exported, imported, PEOPLE, requestId, sealedInput } from '../helpers/terminals'
import { visitInput, type Account, type Centre, type Seat, type Terminal } from '../helpers/terminals'

/** Words that stand in confidential lists only. */
const CANARIES = [
  '金丝雀甲',
  '十七号井',
  '13900007777',
  '金丝雀乙',
  '废砖窑',
  '310101199003070014',
  '金丝雀丙',
]
const findIn = (text: string): string[] => CANARIES.filter((word) => text.includes(word))

let centre: Centre
let first: Terminal
let second: Terminal
let matterId: string
let personId: string
let referralId: string
let backup: string
const logged: string[] = []

beforeAll(async () => {
  centre = await createCentre({ log: (line) => logged.push(line) })
  first = centre.first
  await centre.grant('psych', 'chen')
  await centre.grant('roster', 'sun')
  await centre.grant('children', 'tao')
  second = await centre.join('second', { log: (line) => logged.push(line) })
  const wang = await first.seat('wang')
  const made = await wang.call('visit.register', visitInput('陈大山'))
  matterId = made.matterId
  personId = made.personId
  const secret = { need: '常去十七号井边坐着', phone: '13900007777', matterId, personId }
  await wang.call('sealed.send', sealedInput('金丝雀甲', secret))
  await wang.call('sealed.send', {
    ...sealedInput('金丝雀丙', { need: '在废砖窑过夜' }),
    compartment: 'children',
  })
  const chen = await first.seat('chen', 'psych_worker')
  const { rows } = await chen.call('psych.list', {})
  referralId = rows[0]?.id ?? ''
  expect(rows).toMatchObject([{ name: '金丝雀甲' }])
  const basis = (await chen.call('psych.get', { id: referralId })).basis
  await chen.call('psych.set_state', {
    requestId: requestId(),
    basis,
    id: referralId,
    patch: { state: 'accepted' },
  })
  await chen.call('psych.add_note', {
    requestId: requestId(),
    basis,
    id: referralId,
    patch: { kind: 'session', happenedOn: '2026-03-02', text: '又说起十七号井' },
  })
  const sun = await first.seat('sun')
  await sun.call('roster.save', {
    requestId: requestId(),
    basis: 0,
    id: null,
    patch: {
      name: '金丝雀乙',
      category: '01',
      idNumber: '310101199003070014',
      address: '废砖窑旁',
      sourceDocument: '转介单',
      approver: '何主任',
      legalBasis: '办法第三条',
      reviewOn: '2026-09-01',
    },
  })
  await first.seat('tao')
  const he = await first.seat('he')
  backup = join(centre.root, 'backups')
  await he.call('backup.make', { out: he.path(backup) })
})
afterAll(() => centre.dispose())

/** For every read route several inputs that a curious colleague might try. */
function inputsOf(route: RouteName): object[] {
  const texts = [...CANARIES, '金丝', '井', '']
  const id = referralId
  const from = '2026-01-01'
  const to = '2026-12-31'
  const tries: Partial<Record<RouteName, object[]>> = {
    'person.suggest': CANARIES.map((name) => ({
      name,
      phone: '13900007777',
      idNumber: '310101199003070014',
    })),
    'person.get': [{ id: personId }, { id }],
    'person.reveal': [{ id: personId, field: 'phone', reason: '核对' }],
    'person.owed': [{ personId }],
    'search.everything': texts.map((text) => ({ text })),
    'visit.list': [{ from, to }],
    'notice.get': [{ kind: 'visit_receipt', matterId }],
    'matter.list': texts.map((text) => ({ text })),
    'matter.get': [
      { id: matterId, reason: '查看' },
      { id, reason: '查看' },
    ],
    'psych.list': texts.map((text) => ({ text })),
    'psych.get': [{ id }],
    'roster.list': texts.map((text) => ({ text })),
    'roster.get': [{ id }],
    'month.counts': [{ month: '2026-03' }],
    'month.behind': [{ month: '2026-03', count: 'matters' }],
    'audit.list': texts.map((text) => ({ text })),
  }
  return tries[route] ?? [{}]
}

const reading = (Object.keys(ROUTES) as RouteName[]).filter(
  (name) => ROUTES[name].kind === 'read' || ['exchange.status', 'verify.run', 'setup.status'].includes(name),
)

test('no route tells a colleague whom a referral or a list entry is about, or what it says', async () => {
  let answered = 0
  for (const account of Object.keys(PEOPLE) as Account[]) {
    if (account === 'sun' || account === 'tao') continue
    const seat = await first.seat(account, account === 'chen' ? 'clerk' : undefined)
    for (const route of reading) {
      for (const input of inputsOf(route)) {
        const result = await seat.raw(route, input)
        if (result.ok) answered += 1
        const told = findIn(JSON.stringify(result))
        // The sender alone is told what an own letter was about.
        const own = account === 'wang' && route === 'sealed.mine' ? ['金丝雀甲', '金丝雀丙'] : []
        expect(told, `${account} ${route} ${JSON.stringify(input)}`).toEqual(own)
      }
    }
  }
  expect(answered).toBeGreaterThan(150)
})

test('the compartments do not know each other either', async () => {
  const sun = await first.seat('sun')
  const tao = await first.seat('tao')
  const chen = await first.seat('chen', 'psych_worker')
  const own: [Seat, RouteName][] = [
    [sun, 'roster.list'],
    [tao, 'difference.list'],
    [chen, 'psych.list'],
  ]
  for (const [seat, mine] of own) {
    for (const route of reading.filter((name) => name !== mine && !name.startsWith(mine.slice(0, 5)))) {
      for (const input of inputsOf(route))
        expect(findIn(JSON.stringify(await seat.raw(route, input)))).toEqual([])
    }
  }
  expect((await sun.refused('psych.list', {})).code).toBe('FORBIDDEN')
  expect((await chen.refused('roster.list', {})).code).toBe('FORBIDDEN')
})

/** Every value of every table, local ones, indexes and audit included. */
function everything(dataDir: string, compartment: Compartment): string {
  return lookInto(dataDir, compartment, ({ db }) => {
    const tables = db.all<{ name: string }>(
      sql`SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0`,
    )
    expect(tables.length).toBeGreaterThan(20)
    return tables
      .flatMap(({ name }) => db.all<Record<string, unknown>>(sql`SELECT * FROM ${ident(name)}`))
      .map((row) =>
        Object.values(row)
          .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)))
          .join('\u0001'),
      )
      .join('\n')
  })
}
const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

test('neither base’s tables, its dump, its packages, the backup, keys.json, the log nor any raw file tells', async () => {
  const base = everything(first.dataDir, 'base')
  expect(base).toContain('陈大山')
  expect(findIn(base)).toEqual([])
  // The same look sees them where they belong.
  expect(findIn(everything(first.dataDir, 'psych'))).toContain('十七号井')
  expect(findIn(everything(first.dataDir, 'roster'))).toContain('废砖窑')
  expect(findIn(everything(first.dataDir, 'children'))).toContain('金丝雀丙')
  expect(findIn(await first.dump())).toEqual([])
  expect(findIn(await first.dump('psych'))).toContain('金丝雀甲')
  const wang = await first.seat('wang')
  const folder = join(centre.root, 'package')
  const [file] = await exported(wang, folder, 'second')
  const inside = await unpacked(file ?? '', exchangeKeys(second.dataDir).identity)
  expect(JSON.stringify(inside.changes)).toContain('陈大山')
  expect(findIn(JSON.stringify(inside))).toEqual([])
  const scanned = [...filesUnder(first.dataDir), ...filesUnder(backup), ...filesUnder(folder)]
  expect(scanned.length).toBeGreaterThan(12)
  for (const path of scanned) {
    const bytes = readFileSync(path)
    expect(
      CANARIES.filter((word) => bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'))),
      path,
    ).toEqual([])
  }
  expect(findIn(logged.join('\n'))).toEqual([])
})

test('base knows that something was sealed, when and by whom: one word of its state and nothing else', () => {
  lookInto(first.dataDir, 'base', ({ db }) => {
    const rows = db.all<Record<string, unknown>>(
      sql`SELECT compartment, sealed_by, state FROM sealed_item ORDER BY compartment`,
    )
    const sealed_by = centre.staff.wang
    expect(rows).toEqual([
      { compartment: 'children', sealed_by, state: 'received' },
      { compartment: 'psych', sealed_by, state: 'accepted' },
    ])
    const sent = db.all<{ subject_id: string; fields: string }>(
      sql`SELECT subject_id, fields FROM audit_entry WHERE route = 'sealed.send'`,
    )
    expect(sent.map((row) => row.fields)).toEqual(['[]', '[]'])
    const forms = db.all<{ result: string }>(sql`SELECT result FROM form_result WHERE route = 'sealed.send'`)
    expect(forms.map((row) => Object.keys(JSON.parse(row.result) as object))).toEqual([
      ['sealedId'],
      ['sealedId'],
    ])
    expect(db.all(sql`SELECT * FROM draft`)).toEqual([])
  })
})

test('a copy of a compartment opens with its own key only', () => {
  const [folder] = readdirSync(backup)
  const opens = (name: Compartment, keyOf: Compartment, account: Account): boolean => {
    const [key] = keysOf(first.dataDir, keyOf, account)
    const found = readdirSync(join(backup, folder ?? '')).find((file) =>
      new RegExp(`^${name}.*db$`).test(file),
    )
    const connection = connect(join(backup, folder ?? '', found ?? ''), 'read')
    try {
      setKey(connection, key ?? new Uint8Array(32))
      connection.prepare('SELECT count(*) FROM meta').get()
      return true
    } catch {
      return false
    } finally {
      connection.close()
    }
  }
  expect(opens('base', 'base', 'admin')).toBe(true)
  expect(opens('psych', 'psych', 'chen')).toBe(true)
  expect(opens('roster', 'roster', 'sun')).toBe(true)
  expect(opens('psych', 'base', 'admin')).toBe(false)
  expect(opens('roster', 'psych', 'chen')).toBe(false)
  expect(opens('base', 'psych', 'chen')).toBe(false)
  expect(keysOf(first.dataDir, 'psych', 'admin')).toEqual([])
})

const opened = (name: Compartment): boolean =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === join(first.dataDir, `${name}.db`)
    } catch {
      return false
    }
  })

test('leaving the post, locking, signing out and closing the window drop the key', async () => {
  await first.reopen()
  const chen = await first.seat('chen', 'psych_worker')
  const info = await chen.call('session.info', {})
  const rowOf = (post: string): string => info.posts.find((row) => row.post === post)?.postRowId ?? ''
  expect(opened('psych')).toBe(true)
  await chen.call('session.switch_post', { postRowId: rowOf('clerk') })
  expect(opened('psych')).toBe(false)
  expect((await chen.refused('psych.list', {})).code).toBe('FORBIDDEN')
  const back = { postRowId: rowOf('psych_worker') }
  expect((await chen.refused('session.switch_post', back)).code).toBe('NEEDS_CONFIRMATION')
  expect((await chen.refused('session.switch_post', { ...back, password: 'falsch' })).code).toBe(
    'WRONG_PASSWORD',
  )
  expect(opened('psych')).toBe(false)
  await chen.call('session.switch_post', { ...back, password: TEST_PASSWORD })
  expect(opened('psych')).toBe(true)
  await chen.call('session.lock', {})
  expect(opened('psych')).toBe(false)
  expect((await chen.refused('psych.list', {})).code).toBe('LOCKED')
  await chen.call('session.unlock', { password: TEST_PASSWORD })
  expect((await chen.call('psych.list', {})).rows).toHaveLength(1)
  // Another holder's window keeps it open for itself alone.
  const wang = await first.seat('wang')
  expect((await wang.refused('psych.list', {})).code).toBe('FORBIDDEN')
  await chen.call('session.sign_out', {})
  expect(opened('psych')).toBe(false)
  const again = await first.seat('chen', 'psych_worker')
  expect(opened('psych')).toBe(true)
  first.core.clientGone(again.client)
  await expect.poll(() => opened('psych')).toBe(false)
})

test('two terminals absorb the same sealed item at once: one referral, no difference', async () => {
  let trips = 0
  const carry = async (from: Seat, to: Seat) => {
    const folder = join(centre.root, `absorb-${(trips += 1)}`)
    const outcomes = []
    for (const path of await exported(from, folder)) outcomes.push(...(await imported(to, path)))
    expect(outcomes).toMatchObject(outcomes.map(() => ({ outcome: 'applied', differences: 0, parked: 0 })))
  }
  const mine = async (seat: Seat) =>
    (await seat.call('psych.list', { text: '同时签收' })).rows.map((row) => row.id)
  // The list, and with it the key of its letter-box, comes to the second terminal first.
  const here = await first.seat('chen', 'psych_worker')
  const other = await second.seat('chen', 'psych_worker')
  await carry(here, other)
  await carry(other, here)
  await carry(here, other)
  expect((await other.call('psych.list', {})).total).toBe(1)
  // Nobody has the list open when the letter is sent and when it arrives.
  await first.reopen()
  await second.reopen()
  const wang = await first.seat('wang')
  const there = await second.seat('wang')
  await wang.call('sealed.send', sealedInput('同时签收'))
  await carry(wang, there)
  const one = await first.seat('chen', 'psych_worker')
  const two = await second.seat('chen', 'psych_worker')
  expect(await mine(one)).toHaveLength(1)
  expect(await mine(two)).toEqual(await mine(one))
  for (let round = 0; round < 2; round++) {
    await carry(two, one)
    await carry(one, two)
  }
  for (const seat of [one, two]) {
    expect(await mine(seat)).toHaveLength(1)
    expect((await seat.call('psych.list', {})).total).toBe(2)
    expect((await seat.call('difference.list', {})).total).toBe(0)
  }
  expect(await second.dump('psych')).toBe(await first.dump('psych'))
  expect(await second.dump()).toBe(await first.dump())
})
