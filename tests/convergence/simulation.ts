/**
 * Four terminals of one centre: people edit, files are made, lost, repeated, delivered late and relayed, backups are put
 * back. However it went, once every file has arrived and a last round was made, all hold the same data.
 */
import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import { applyChanges } from '../../db/replication/apply'
import type { Change } from '../../db/replication/change'
import { decideDifference, openDifferences } from '../../db/replication/differences'
import { logicalDump } from '../../db/replication/dump'
import { changesSince, knownVector } from '../../db/replication/vector'
import { verifyStore } from '../../db/replication/verify'
import { insertRow, patchRow } from '../../db/rows'
import { sql } from '../../db/sql'
import type { Actor, Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { AppError } from '../../domain/errors'
import { clockOf, found, makeAccount, MATTER, openTerminal, PERSON, storeOn } from './terminal'

export const TERMINALS = 4
const ROWS = 3
const YEARS_AHEAD = 3 * 365 * 86_400_000

const admin = makeAccount('admin', 'administrator')
const workers = [
  makeAccount('worker0', 'director'),
  makeAccount('worker1', 'clerk'),
  makeAccount('worker2', 'mediator'),
  makeAccount('worker3', 'clerk'),
] as const

/** Files of four terminals that have just been joined, as bytes, so that a schedule starts in a few milliseconds. */
function templates(): readonly Buffer[] {
  const founder = openTerminal('r0')
  found(founder, admin, workers)
  writeTx(founder, workers[0].actor, (tx) => {
    for (let n = 0; n < ROWS; n++) {
      insertRow(tx, 'person', { ...PERSON, name: `人员${n}` }, `person-${n}`)
      insertRow(tx, 'matter', MATTER, `matter-${n}`)
    }
  })
  const changes = [...changesSince(founder.db, {})]
  const joined = [1, 2, 3].map((n) => {
    const store = openTerminal(`r${n}`)
    const result = applyChanges(store, changes, { received: 0 })
    if (result.applied !== changes.length || result.parked > 0) throw new Error(JSON.stringify(result))
    return store
  })
  return [founder, ...joined].map((store) => {
    dropIdleTriggers(store)
    const bytes = store.connection.serialize()
    store.connection.close()
    return bytes
  })
}
let prepared: readonly Buffer[] | undefined

/** Most of the time to open a file goes into reading its triggers: those of tables that no step writes are left out. */
function dropIdleTriggers(store: Store): void {
  const triggers = store.db.all<{ name: string; tbl_name: string }>(
    sql`SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger'`,
  )
  for (const { name, tbl_name } of triggers)
    if (!WRITTEN.has(tbl_name)) store.connection.exec(`DROP TRIGGER ${name}`)
}
const WRITTEN = new Set(['person', 'matter', 'course_event', 'staff_post'])

export type Step =
  | {
      readonly kind: 'edit'
      readonly at: number
      readonly row: number
      readonly field: number
      readonly value: number
    }
  | { readonly kind: 'insert'; readonly at: number; readonly row: number; readonly value: number }
  | { readonly kind: 'event'; readonly at: number; readonly row: number }
  | { readonly kind: 'decide'; readonly at: number; readonly which: number; readonly choice: number }
  | { readonly kind: 'post'; readonly who: number; readonly active: boolean }
  | { readonly kind: 'send'; readonly at: number; readonly to: number; readonly small: boolean }
  | { readonly kind: 'deliver'; readonly file: number; readonly to: number }
  | { readonly kind: 'backup'; readonly at: number }
  | { readonly kind: 'restore'; readonly at: number }

const at = fc.nat({ max: TERMINALS - 1 })
const small = fc.nat({ max: 5 })
const record = <K extends Step['kind'], T>(kind: K, fields: { [F in keyof T]: fc.Arbitrary<T[F]> }) =>
  fc.record({ kind: fc.constant(kind), ...fields })

/** A schedule: edits and deliveries often, backups and posts now and then. */
export const schedule: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: record('edit', { at, row: fc.nat({ max: ROWS - 1 }), field: small, value: small }),
    },
    { weight: 2, arbitrary: record('insert', { at, row: fc.nat({ max: 2 }), value: small }) },
    { weight: 2, arbitrary: record('event', { at, row: fc.nat({ max: ROWS - 1 }) }) },
    { weight: 2, arbitrary: record('decide', { at, which: small, choice: small }) },
    { weight: 1, arbitrary: record('post', { who: fc.integer({ min: 1, max: 3 }), active: fc.boolean() }) },
    { weight: 4, arbitrary: record('send', { at, to: at, small: fc.boolean() }) },
    { weight: 6, arbitrary: record('deliver', { file: fc.nat({ max: 30 }), to: at }) },
    { weight: 1, arbitrary: record('backup', { at }) },
    { weight: 1, arbitrary: record('restore', { at }) },
  ),
  { minLength: 10, maxLength: 45 },
) as fc.Arbitrary<Step[]>

/** How a terminal's file is put back from bytes; the encrypted test brings its own. */
export interface Medium {
  readonly open: (terminal: number, bytes: Buffer | undefined, incarnation: number) => Database.Database
  readonly backup: (connection: Database.Database) => Buffer
}
export const inMemory: Medium = {
  open: (terminal, bytes) => new Database(bytes ?? template(terminal)),
  backup: (connection) => connection.serialize(),
}
function template(terminal: number): Buffer {
  prepared ??= templates()
  const bytes = prepared[terminal]
  if (bytes === undefined) throw new Error(`no terminal ${terminal}`)
  return bytes
}

interface Terminal {
  store: Store
  backup: Buffer | undefined
  incarnation: number
}

export interface World {
  readonly terminals: Terminal[]
  readonly files: (readonly Change[])[]
  readonly medium: Medium
}

function openAt(terminal: number, medium: Medium, bytes: Buffer | undefined, incarnation: number): Store {
  const connection = medium.open(terminal, bytes, incarnation)
  // One clock is three years ahead: it must win nothing.
  return storeOn(connection, `r${terminal}`, 'base', clockOf(terminal === 1 ? YEARS_AHEAD : 0))
}

const PHONES = ['', '13800000001', '138 0000 0001', '13800000002', '１３８00000002', '13800000003']
const VALUES = ['', '甲', '乙', '甲 ', '丙', '丁']
const LEVELS = ['normal', 'sensitive', 'secret'] as const
const RISKS = ['', 'low', 'medium', 'high'] as const

function edit(store: Store, actor: Actor, step: Extract<Step, { kind: 'edit' }>): void {
  const text = VALUES[step.value] ?? ''
  const [person, matter] = [`person-${step.row}`, `matter-${step.row}`]
  writeTx(store, actor, (tx) => {
    if (step.field === 0) patchRow(tx, 'person', person, { phone: PHONES[step.value] ?? '' })
    if (step.field === 1) patchRow(tx, 'person', person, { address: text, org_unit_id: null })
    if (step.field === 2) patchRow(tx, 'person', person, { removed: step.value > 2, note: text })
    if (step.field === 3) patchRow(tx, 'matter', matter, { confidentiality: LEVELS[step.value % 3] ?? '' })
    if (step.field === 4) patchRow(tx, 'matter', matter, { risk_level: RISKS[step.value % 4] ?? '' })
    if (step.field === 5) patchRow(tx, 'matter', matter, { place: text, title: text })
  })
}

function insertSame(store: Store, actor: Actor, step: Extract<Step, { kind: 'insert' }>): void {
  const id = `same-${step.row}`
  if (store.db.get(sql`SELECT 1 FROM person WHERE id = ${id}`) !== undefined) return
  writeTx(store, actor, (tx) => insertRow(tx, 'person', { ...PERSON, note: VALUES[step.value] ?? '' }, id))
}

function addEvent(store: Store, actor: Actor, row: number): void {
  writeTx(store, actor, (tx) =>
    insertRow(tx, 'course_event', {
      matter_id: `matter-${row}`,
      handling_id: null,
      kind: 'note',
      parents: [],
      data: { text: '走访' },
      happened_on: '2026-03-02',
      recorded_at: tx.now,
      acted_by: actor.staffId,
      typed_by: null,
    }),
  )
}

function decide(store: Store, actor: Actor, which: number, choice: number): void {
  const open = openDifferences(store.db, 'base', { offset: 0, limit: 50 })
  const one = open[which % Math.max(open.length, 1)]
  const chosen = one?.values[choice % one.values.length]
  if (one === undefined || chosen === undefined) return
  const shown = one.values.map(({ head }) => head)
  writeTx(store, actor, (tx) => {
    decideDifference(tx, one.id, shown, chosen.head)
  })
}

/** As opening a restored folder does: a new replica id, the chain begins anew. */
export function newReplica(store: Store, replica: string): void {
  store.db.run(sql`UPDATE capture_context SET replica = ${replica}, seq = 0`)
}

function restore(world: World, terminal: number): void {
  const place = world.terminals[terminal]
  if (place?.backup === undefined) return
  place.store.connection.close()
  place.incarnation++
  place.store = openAt(terminal, world.medium, place.backup, place.incarnation)
  newReplica(place.store, `r${terminal}-${place.incarnation}`)
}

function send(world: World, from: Store, to: Store, tight: boolean): void {
  const limit = tight ? { limitBytes: 1500 } : {}
  world.files.push([...changesSince(from.db, knownVector(to.db), limit)])
}

const storeAt = (world: World, terminal: number): Store => {
  const place = world.terminals[terminal]
  if (place === undefined) throw new Error(`no terminal ${terminal}`)
  return place.store
}

function run(world: World, step: Step): void {
  switch (step.kind) {
    case 'edit':
      return edit(storeAt(world, step.at), actorAt(step.at), step)
    case 'insert':
      return insertSame(storeAt(world, step.at), actorAt(step.at), step)
    case 'event':
      return addEvent(storeAt(world, step.at), actorAt(step.at), step.row)
    case 'decide':
      return decide(storeAt(world, step.at), actorAt(step.at), step.which, step.choice)
    case 'post':
      return writeTx(storeAt(world, 0), admin.actor, (tx) => {
        patchRow(tx, 'staff_post', actorAt(step.who).postRowId, { active: step.active })
      })
    case 'send':
      return send(world, storeAt(world, step.at), storeAt(world, step.to), step.small)
    case 'deliver': {
      const file = world.files[step.file]
      if (file) applyChanges(storeAt(world, step.to), file, { received: 0 })
      return
    }
    case 'backup': {
      const place = world.terminals[step.at]
      if (place) place.backup = world.medium.backup(place.store.connection)
      return
    }
    case 'restore':
      return restore(world, step.at)
  }
}

function actorAt(terminal: number): Actor {
  const worker = workers[terminal]
  if (worker === undefined) throw new Error(`no worker ${terminal}`)
  return worker.actor
}

/** What a person is refused in the running program too. */
const REFUSED = new Set(['FORBIDDEN', 'NOT_FOUND', 'CHANGED_MEANWHILE'])

export const dumpOf = (store: Store): string => [...logicalDump(store.db, store.compartment)].join('\n')

/** Every file arrives everywhere, then everybody hears everybody. */
function settle(world: World): void {
  const stores = world.terminals.map(({ store }) => store)
  for (const store of stores) applyChanges(store, world.files.flat().reverse(), { received: 0 })
  for (let round = 0; round < 2; round++) {
    for (const from of stores)
      for (const to of stores)
        if (from !== to) applyChanges(to, changesSince(from.db, knownVector(to.db)), { received: 0 })
  }
}

function assertSame(world: World): void {
  const stores = world.terminals.map(({ store }) => store)
  const dumps = stores.map(dumpOf)
  for (const [index, dump] of dumps.entries()) {
    if (dump !== dumps[0])
      throw new Error(`terminal ${index} differs from terminal 0:\n${difference(dumps[0] ?? '', dump)}`)
  }
  const vectors = stores.map((store) => JSON.stringify(knownVector(store.db)))
  if (new Set(vectors).size !== 1) throw new Error(`vectors differ: ${vectors.join(' ')}`)
  const known = new Set(
    stores.flatMap((store) =>
      [...changesSince(store.db, {})].map((change) => `${change.replica} ${change.seq}`),
    ),
  )
  const lost = world.files.flat().filter((change) => !known.has(`${change.replica} ${change.seq}`))
  if (lost.length > 0) throw new Error(`${lost.length} changes were lost`)
  // One of the four by turns: `verify` costs more than everything else together.
  const verified = stores[world.files.length % TERMINALS]
  const problems = verified === undefined ? [] : verifyStore(verified)
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

function difference(left: string, right: string): string {
  const [a, b] = [left.split('\n'), right.split('\n')]
  return a
    .flatMap((line, index) => (line === b[index] ? [] : [`- ${line}`, `+ ${b[index] ?? ''}`]))
    .slice(0, 4)
    .join('\n')
}

/** Runs one schedule to its end. @throws Error when terminals disagree, something is lost or `verify` complains */
export function runSchedule(
  steps: readonly Step[],
  medium: Medium = inMemory,
  prepare?: (store: Store) => void,
): void {
  const world: World = {
    medium,
    files: [],
    terminals: Array.from({ length: TERMINALS }, (_, terminal) => ({
      store: openAt(terminal, medium, undefined, 0),
      backup: undefined,
      incarnation: 0,
    })),
  }
  for (const { store } of world.terminals) prepare?.(store)
  try {
    for (const step of steps) {
      try {
        run(world, step)
      } catch (error) {
        if (!(error instanceof AppError) || !REFUSED.has(error.code)) throw error
      }
    }
    settle(world)
    assertSame(world)
  } finally {
    for (const { store } of world.terminals) store.connection.close()
  }
}
