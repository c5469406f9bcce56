import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { ROUTES, type RouteName } from '../../domain/contract'
import { POSTS, type Post } from '../../domain/posts'
import { readHandlers } from '../../electron/core/handlers/read'
import { writeHandlers } from '../../electron/core/handlers/write'
import { processHandlers } from '../../electron/core/process/handlers'
import { CoreState } from '../../electron/core/state'
import { TEST_PASSWORD } from '../helpers/store'
import { createCentre, PEOPLE, requestId, visitInput, parserHere } from '../helpers/terminals'
import type { Account, Centre, Seat } from '../helpers/terminals'
import { PERMITTED } from './oracle'

const NAMES = Object.keys(ROUTES) as RouteName[]
const HOLDER = new Map<Post, Account>(
  (Object.keys(PEOPLE) as Account[]).flatMap((account) =>
    PEOPLE[account].map((post): [Post, Account] => [post, account]),
  ),
)
let centre: Centre
const log: string[] = []
beforeAll(async () => {
  centre = await createCentre({ log: (line) => log.push(line) })
  await centre.grant('psych', 'chen')
  await centre.grant('roster', 'sun')
  await centre.grant('children', 'tao')
})
afterAll(() => centre.dispose())
const seatOf = (post: Post): Promise<Seat> => centre.first.seat(HOLDER.get(post) ?? 'admin', post)

test('every route of the contract has a handler of its kind and nothing else has one', () => {
  const state = new CoreState({
    dataDir: centre.root,
    demo: false,
    appVersion: '',
    clock: centre.clock,
    random: { bytes: (length) => new Uint8Array(length) },
    log: () => undefined,
    parser: parserHere,
    reader: { run: () => Promise.reject(new Error('unused')) },
  })
  // The router answers session.info itself: it knows the session.
  const own = { 'session.info': null }
  const handlers = {
    read: { ...readHandlers, ...own },
    write: writeHandlers,
    process: processHandlers(state),
  } as const
  for (const kind of ['read', 'write', 'process'] as const) {
    const declared = NAMES.filter((name) => ROUTES[name].kind === kind).sort()
    expect(Object.keys(handlers[kind]).sort()).toEqual(declared)
  }
})

test('who may call what: every route for every post, against a list written down by hand', async () => {
  expect(Object.keys(PERMITTED).sort()).toEqual([...NAMES].sort())
  for (const post of POSTS) {
    const seat = await seatOf(post)
    for (const name of NAMES.filter((route) => ROUTES[route].permission !== 'anyone')) {
      const permitted = PERMITTED[name].split(' ')
      const wanted = permitted.includes('all') || permitted.includes(post)
      // An input that no schema takes: whoever may call is told so, whoever may not never gets that far.
      const result = await seat.raw(name, { nothingTakesThis: true })
      const code = result.ok ? 'OK' : result.error.code
      expect(code, `${name} as ${post}`).toBe(wanted ? 'BAD_INPUT' : 'FORBIDDEN')
    }
  }
}, 120_000)

test('before sign-in only the routes for anyone answer', async () => {
  for (const name of NAMES) {
    const result = await centre.first.core.call('nobody', name, { nothingTakesThis: true })
    const code = result.ok ? 'OK' : result.error.code
    expect(code, name).toBe(PERMITTED[name] === 'anyone' ? 'BAD_INPUT' : 'NOT_SIGNED_IN')
  }
  for (const name of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'visit.Register',
    'a\0b',
  ]) {
    const result = await centre.first.core.call('nobody', name, {})
    expect(result).toMatchObject({ ok: false, error: { code: 'ROUTE_NOT_FOUND' } })
  }
})

const TEXTS = [
  '',
  ' ',
  '张三',
  "'; DROP TABLE matter; --",
  '%_\\',
  '"*"',
  '=1+1',
  '\u0000',
  '😀',
  '2026-03-02',
  '2026-13-99',
  'x',
]
const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ maxLength: 30 }),
  fc.string({ minLength: 500, maxLength: 700 }),
)
const junk: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
)

interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

/** Values that the schema takes, or nearly: ids of nothing, texts that were thought up to hurt. */
function near(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => near(one, ids)))
  if (schema.type === 'object') {
    const required = new Set(schema.required)
    const fields = Object.entries(schema.properties ?? {}).map(
      ([name, field]): [string, fc.Arbitrary<unknown>] => {
        const value = near(field, ids)
        return [name, required.has(name) ? value : fc.option(value, { nil: undefined })]
      },
    )
    return fc
      .record(Object.fromEntries(fields))
      .map((record) => JSON.parse(JSON.stringify(record)) as unknown)
  }
  if (schema.type === 'array') return fc.array(near(schema.items ?? {}, ids), { maxLength: 3 })
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer' || schema.type === 'number')
    return fc.integer({
      min: Math.max(schema.minimum ?? -5, -5),
      max: Math.min(schema.maximum ?? 100_000, 100_000),
    })
  if (schema.pattern?.includes('\\d{2}-') === true)
    return fc.constantFrom('2026-03-02', '2026-02-30', '2026-13-01', '0000-00-00', '9999-12-31')
  if (schema.pattern?.includes('\\d{4}-') === true) return fc.constantFrom('2026-03', '2026-99', '0000-00')
  if (schema.pattern?.includes('\\d{12}') === true) return fc.constantFrom('990000101000', '000000000000')
  const length = Math.max(schema.minLength ?? 0, 0)
  return fc
    .oneof(text, fc.constantFrom(...ids))
    .map((value) => (value.length < length ? value.padEnd(length, '字') : value))
    .map((value) => value.slice(0, schema.maxLength ?? 2000))
}

/** Ends the session or its right to go on; tried by themselves elsewhere. */
const ENDING = new Set<RouteName>([
  'session.sign_out',
  'session.lock',
  'session.unlock',
  'session.sign_in',
  'setup.found',
  'session.change_password',
  'join.request',
  'staff.create',
  'session.switch_post',
  'staff.set_post',
  'staff.edit',
])

test('every route, fed garbage by its own schema, answers with a code and a Chinese sentence and never throws', async () => {
  const he = await seatOf('director')
  const made = await he.call('visit.register', visitInput('陈大山'))
  const ids = [made.matterId, made.personId, made.visitId, centre.staff.li, centre.staff.he, 'nothing']
  const seats = new Map<Post, Seat>()
  for (const post of POSTS) seats.set(post, await seatOf(post))
  const codes = new Map<string, number>()
  const seed = 20260302
  for (const name of NAMES) {
    const post = POSTS.find((one) => PERMITTED[name].split(' ').includes(one)) ?? 'director'
    const seat = seats.get(post)
    if (seat === undefined) throw new Error(post)
    const schema = z.toJSONSchema(ROUTES[name].input, { unrepresentable: 'any', io: 'input' }) as JsonSchema
    const valid = ENDING.has(name) ? junk : near(schema, ids)
    const inputs = fc.sample(fc.oneof({ arbitrary: valid, weight: 4 }, { arbitrary: junk, weight: 1 }), {
      numRuns: 30,
      seed,
    })
    for (const input of inputs) {
      const result = await seat.raw(name, input)
      const code = result.ok ? 'OK' : result.error.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (result.ok) continue
      const told = `${name} ${JSON.stringify(input)} ${code} ${result.error.message} ${log.at(-1) ?? ''}`
      expect(code, told).not.toBe('UNEXPECTED')
      expect(result.error.message, told).toMatch(/[\u4e00-\u9fff].*[。！？]?$/)
      expect(result.error.message, told).not.toMatch(/[a-z]{3,} [a-z]{2,}|undefined|null|Error|SQLITE/)
    }
  }
  // Random inputs of both sorts were met, whatever the seed: the test did not run on refusals alone.
  expect(codes.get('OK') ?? 0).toBeGreaterThan(100)
  expect(codes.get('BAD_INPUT') ?? 0).toBeGreaterThan(100)
  expect(await centre.first.verify()).toEqual([])
}, 120_000)

test('numbers and telephones are never in clear for a post that may not see them', async () => {
  const [idNumber, phone, address] = ['11010119900307723X', '13912345678', '后街九号']
  const wang = await seatOf('clerk')
  const made = await wang.call(
    'visit.register',
    visitInput('何秀英', {
      person: {
        create: { name: '何秀英', idType: '111', idNumber, idCheckReason: '证件如此', phone, address },
      },
    }),
  )
  const inputs: Partial<Record<RouteName, object[]>> = {
    'person.suggest': [{ name: '何秀英', phone, idNumber }],
    'person.get': [{ id: made.personId }],
    'person.owed': [{ personId: made.personId }],
    'search.everything': [{ text: '何秀英' }, { text: '5678' }, { text: phone }],
    'visit.list': [{ from: '2026-01-01', to: '2026-12-31' }],
    'notice.get': [{ kind: 'visit_receipt', matterId: made.matterId }],
    'matter.list': [{ text: '何秀英' }],
    'matter.get': [{ id: made.matterId, reason: '查看' }],
    'month.behind': [{ month: '2026-03', count: 'matters' }],
    'difference.list': [{}],
    'audit.list': [{}, { text: phone }],
    'staff.list': [{}],
    'pool.list': [{}],
    'draft.list': [{}],
  }
  let clear = 0
  for (const post of POSTS) {
    const seat = await seatOf(post)
    for (const [name, tries] of Object.entries(inputs)) {
      for (const input of tries) {
        const said = JSON.stringify(await seat.raw(name, input))
        expect(said.includes(idNumber), `${post} ${name}`).toBe(false)
        const mayPhone = ['clerk', 'mediator', 'director'].includes(post)
        if (!mayPhone) expect(said.includes(phone) || said.includes(address), `${post} ${name}`).toBe(false)
        else if (said.includes(phone)) clear += 1
      }
    }
  }
  expect(clear).toBeGreaterThan(0)
  const reveal = { id: made.personId, field: 'idNumber', reason: '核对证件' }
  expect((await wang.call('person.reveal', reveal as never)).value).toBe(idNumber)
  expect((await (await seatOf('leader')).refused('person.reveal', reveal)).code).toBe('FORBIDDEN')
  expect((await wang.refused('person.reveal', { ...reveal, reason: ' ' })).code).toBe('BAD_INPUT')
})

test('the same requestId again answers the stored result; under another route it is refused', async () => {
  const wang = await seatOf('clerk')
  const input = visitInput('周小云')
  const one = await wang.call('visit.register', input)
  expect(await wang.call('visit.register', input)).toEqual(one)
  await centre.first.reopen()
  const again = await seatOf('clerk')
  expect(await again.call('visit.register', input)).toEqual(one)
  const other = { ...sealed(), requestId: input.requestId }
  expect((await again.refused('sealed.send', other)).code).toBe('BAD_INPUT')
  const letter = sealed()
  const sent = await again.call('sealed.send', letter as never)
  expect(await again.call('sealed.send', letter as never)).toEqual(sent)
  const question = { requestId: letter.requestId, basis: 0, patch: { wanted: '问路' } }
  expect((await again.refused('visit.question', question)).code).toBe('BAD_INPUT')
  expect((await again.refused('session.unlock', { password: `${TEST_PASSWORD}x` })).code).toBe(
    'WRONG_PASSWORD',
  )
})
const sealed = () => ({
  requestId: requestId(),
  compartment: 'psych',
  form: { name: '李四', need: '想找人说说', consent: 'given' },
})
