/** A terminal's base file in memory, with the production schema, triggers and founding, for tests of replication. */
import Database from 'better-sqlite3'
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { setPragmas } from '../../db/connection'
import { ensureDerived } from '../../db/derived/rebuild'
import { handleOf } from '../../db/handle'
import { MIGRATIONS } from '../../db/migrations'
import { assertCapture } from '../../db/replication/capture'
import { insertRow } from '../../db/rows'
import type { Actor, Store, WriteTx } from '../../db/store'
import { writeTx } from '../../db/transaction'
import type { Random } from '../../domain/clock'
import type { Compartment } from '../../domain/compartments'
import type { Post } from '../../domain/posts'

/** The same bytes for the same seed. */
export function seededRandom(seed: string): Random {
  let counter = 0
  return {
    bytes: (length) => {
      const parts: Buffer[] = []
      for (let size = 0; size < length; size += 32)
        parts.push(createHash('sha256').update(`${seed}/${counter++}`).digest())
      return Uint8Array.from(Buffer.concat(parts).subarray(0, length))
    },
  }
}

export const CENTRE = 'centre-test'
export const START = Date.UTC(2026, 2, 2, 1)

export interface TestClock {
  now: () => number
  /** Milliseconds this terminal's clock is ahead of the others. */
  ahead: number
}

let ticks = 0
export const clockOf = (ahead = 0): TestClock => {
  const clock: TestClock = { ahead, now: () => START + 1000 * ticks++ + clock.ahead }
  return clock
}

export interface Account {
  readonly actor: Actor
  readonly signPublic: string
}

export function makeAccount(staffId: string, post: Post): Account {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    actor: actorOf(staffId, post, privateKey),
    signPublic: publicKey.export({ format: 'jwk' }).x ?? '',
  }
}

const actorOf = (staffId: string, post: Post, key: KeyObject): Actor => ({
  staffId,
  postRowId: `post-${staffId}-${post}`,
  post,
  typedFor: null,
  sign: (bytes) => sign(null, bytes, key).toString('base64url'),
})

/** Prepares a connection as `open()` does. */
export function storeOn(
  connection: Database.Database,
  replica: string,
  compartment: Compartment = 'base',
  clock: TestClock = clockOf(),
): Store {
  setPragmas(connection, connection.memory ? 'read' : 'write')
  connection.pragma('query_only = OFF')
  const fresh = connection.pragma('user_version', { simple: true }) === 0
  if (fresh) {
    for (const { up } of MIGRATIONS[compartment]) up(connection)
    connection.pragma('user_version = 10')
    connection
      .prepare(
        `INSERT INTO capture_context (one, applying, replica, seq, lamport, counter, txn, schema, actor, typed_by, post, deciding)
         VALUES (1, 0, ?, 0, 0, 0, '', 10, '', '', '', '')`,
      )
      .run(replica)
    assertCapture(connection, compartment)
  }
  const store: Store = {
    compartment,
    connection,
    db: handleOf(connection),
    file: connection.name,
    clock,
    random: seededRandom(replica),
    replica,
    centreId: CENTRE,
    terminalNumber: '01',
  }
  ensureDerived(store)
  return store
}

export const openTerminal = (replica: string, compartment: Compartment = 'base'): Store =>
  storeOn(new Database(':memory:'), replica, compartment)

export function addStaff(tx: WriteTx, account: Account): void {
  const { staffId, post, postRowId } = account.actor
  insertRow(
    tx,
    'staff',
    {
      name: staffId,
      phone: '',
      account: staffId,
      org_unit_id: null,
      box_public: '',
      sign_public: account.signPublic,
      active: true,
    },
    staffId,
  )
  insertRow(tx, 'staff_post', { staff_id: staffId, post, org_unit_id: null, active: true }, postRowId)
}

/** The first transaction of a centre. */
export function found(store: Store, admin: Account, others: readonly Account[] = []): void {
  writeTx(store, admin.actor, (tx) => {
    insertRow(
      tx,
      'centre',
      {
        name: '测试镇矛调中心',
        area_code: '330000000000',
        recovery_public: '',
        recovery_sign_public: '',
        founded_at: tx.now,
        admitting_terminal_id: 't1',
        admitting_epoch: 1,
        gateway_terminal_id: 't1',
        gateway_epoch: 1,
      },
      store.centreId,
    )
    addStaff(tx, admin)
    for (const other of others) addStaff(tx, other)
  })
}

export const PERSON = {
  name: '张三',
  gender: '',
  birth_date: '',
  id_type: '',
  id_number: '',
  id_check_reason: '',
  phone: '',
  org_unit_id: null,
  address: '',
  address_secret: false,
  note: '',
  removed: false,
} as const

export const MATTER = {
  title: '邻里纠纷',
  category: '',
  wanted: '',
  description: '围墙',
  org_unit_id: null,
  place: '',
  occurred_on: '',
  registered_on: '2026-03-02',
  registered_at: START,
  registered_by: null,
  channel: '',
  head_count: 1,
  amount_fen: null,
  confidentiality: 'normal',
  risk_level: '',
} as const
