/**
 * Keys of machines rather than people. Each replica has an exchange identity of its own, kept in its own encrypted file:
 * an `age` key to receive packages and a key to sign them. The terminal signs for its replicas; its pairs lie in base.
 */
import type Database from 'better-sqlite3'
import { sql } from '../sql'
import type { Store } from '../store'
import { bech32 } from './bech32'
import { fromText, toText } from './encoding'
import { newPairs, pairsFrom, secretOf, signWith, type KeyPairs } from './pairs'

export interface ReplicaKeys {
  /** `age1…`, public. */
  readonly recipient: string
  /** `AGE-SECRET-KEY-1…`: opens packages addressed to this replica. */
  readonly identity: string
  /** Ed25519 halves, base64url of 32 raw bytes. */
  readonly signPublic: string
  readonly signPrivate: string
}

const SETTING = 'replica_keys'
const TERMINAL = 'terminal_keys'

export function newReplicaKeys(): ReplicaKeys {
  const pairs = newPairs()
  return {
    recipient: bech32('age', fromText(pairs.boxPublic)),
    identity: bech32('age-secret-key-', pairs.boxPrivate).toUpperCase(),
    signPublic: pairs.signPublic,
    signPrivate: toText(pairs.signPrivate),
  }
}

/** Called at every opening: a replica renewed a moment ago has none yet. */
export function ensureReplicaKeys(connection: Database.Database, chosen?: ReplicaKeys): void {
  if (connection.prepare('SELECT 1 FROM local_setting WHERE name = ?').get(SETTING) !== undefined) return
  connection
    .prepare('INSERT INTO local_setting (name, value) VALUES (?, ?)')
    .run(SETTING, JSON.stringify(chosen ?? newReplicaKeys()))
}

const settingOf = (store: Store, name: string): string => {
  const row = store.db.get<{ value: string }>(sql`SELECT value FROM local_setting WHERE name = ${name}`)
  if (row === undefined) throw new Error(`${store.compartment} has no ${name}`)
  return row.value
}

/** @returns the exchange identity of this replica. */
export const replicaKeysOf = (store: Store): ReplicaKeys =>
  JSON.parse(settingOf(store, SETTING)) as ReplicaKeys

export interface TerminalKeys {
  readonly terminalId: string
  readonly signPublic: string
  readonly boxPublic: string
  readonly sign: (bytes: Uint8Array) => string
}

/** @param pairs of this terminal, made at the founding or for the joining request. */
export function keepTerminalKeys(base: Store, pairs: KeyPairs): void {
  const value = toText(secretOf(pairs))
  base.db.run(sql`INSERT INTO local_setting (name, value) VALUES (${TERMINAL}, ${value})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

/** @param base the open base compartment. @returns what this terminal signs with. */
export function terminalKeysOf(base: Store): TerminalKeys {
  const pairs = pairsFrom(fromText(settingOf(base, TERMINAL)))
  const id = base.db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'terminal_id'`)
  return {
    terminalId: id?.value ?? '',
    signPublic: pairs.signPublic,
    boxPublic: pairs.boxPublic,
    sign: (bytes) => signWith(pairs.signPrivate, bytes),
  }
}
