/** What a file remembers of packages and peers: local tables, never captured. */
import type { Vector } from '../domain/contract/package'
import type { ReadableDb, WritableDb } from './handle'
import { sql } from './sql'

export interface SentPackage {
  readonly id: string
  /** `centre`, or a terminal's id. */
  readonly address: string
  readonly number: number
  /** SHA-256 of the file. */
  readonly hash: string
  /** What the sender knew when it was made. */
  readonly vector: Vector
  readonly fileName: string
  readonly changes: number
  readonly madeAt: number
}

/**
 * @param before instant, ms: only packages made until then
 * @returns the last package made for an address, or undefined
 */
export function lastSent(
  db: ReadableDb,
  address: string,
  before = Number.MAX_SAFE_INTEGER,
): SentPackage | undefined {
  const row = db.get<{
    id: string
    address: string
    number: number
    hash: string
    vector: string
    file_name: string
    changes: number
    made_at: number
  }>(sql`SELECT id, address, number, hash, vector, file_name, changes, made_at FROM package_out
         WHERE address = ${address} AND made_at <= ${before} ORDER BY number DESC LIMIT 1`)
  if (!row) return undefined
  return {
    id: row.id,
    address: row.address,
    number: row.number,
    hash: row.hash,
    vector: JSON.parse(row.vector) as Vector,
    fileName: row.file_name,
    changes: row.changes,
    madeAt: row.made_at,
  }
}

const CENTRE_RECEIVERS = 'centre_receivers'

/** @returns the replicas to which the last package to the centre was sealed. */
export function centreReceivers(db: ReadableDb): readonly string[] {
  const row = db.get<{ value: string }>(sql`SELECT value FROM local_setting WHERE name = ${CENTRE_RECEIVERS}`)
  return row === undefined ? [] : (JSON.parse(row.value) as string[])
}

export function rememberCentreReceivers(db: WritableDb, replicas: readonly string[]): void {
  db.run(sql`INSERT INTO local_setting (name, value) VALUES (${CENTRE_RECEIVERS}, ${JSON.stringify(replicas)})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

export function recordSent(db: WritableDb, sent: SentPackage): void {
  db.run(sql`INSERT INTO package_out (id, address, number, hash, vector, file_name, changes, made_at, state)
    VALUES (${sent.id}, ${sent.address}, ${sent.number}, ${sent.hash}, ${JSON.stringify(sent.vector)}, ${sent.fileName},
            ${sent.changes}, ${sent.madeAt}, 'made')`)
}

/** @returns whether this file was made here: it comes back in every folder that several terminals share. */
export function isOwnPackage(db: ReadableDb, hash: string): boolean {
  return db.get(sql`SELECT 1 FROM package_out WHERE hash = ${hash}`) !== undefined
}

export type ReceivedState = 'applied' | 'waits' | 'quarantined'
export interface ReceivedPackage {
  readonly hash: string
  readonly fileName: string
  readonly sender: string
  readonly address: string
  readonly number: number
  readonly state: ReceivedState
  readonly message: string
  readonly applied: number
  readonly parked: number
  readonly at: number
}

/** Replaces what was known of the same file: a package that waited is applied later. */
export function recordReceived(db: WritableDb, got: ReceivedPackage): void {
  db.run(sql`INSERT INTO package_in (hash, file_name, sender, address, number, state, message, applied, parked, at)
    VALUES (${got.hash}, ${got.fileName}, ${got.sender}, ${got.address}, ${got.number}, ${got.state}, ${got.message},
            ${got.applied}, ${got.parked}, ${got.at})
    ON CONFLICT (hash) DO UPDATE SET state = excluded.state, message = excluded.message, sender = excluded.sender,
      address = excluded.address, number = excluded.number, applied = excluded.applied, parked = excluded.parked, at = excluded.at`)
}

/** @returns the state of a file received before, by its SHA-256. */
export function receivedState(db: ReadableDb, hash: string): ReceivedState | undefined {
  return db.get<{ state: ReceivedState }>(sql`SELECT state FROM package_in WHERE hash = ${hash}`)?.state
}

/** Compartments whose keys were tried on a file that none of them opened; kept where an opened one has its address. */
export function triedOn(db: ReadableDb, hash: string): readonly string[] {
  const row = db.get<{ address: string }>(
    sql`SELECT address FROM package_in WHERE hash = ${hash} AND state <> 'applied' AND sender = ''`,
  )
  return row === undefined || row.address === '' ? [] : row.address.split(',')
}

/** What base noted of a file that another compartment has taken in since. */
export function forgetReceived(db: WritableDb, hash: string): void {
  db.run(sql`DELETE FROM package_in WHERE hash = ${hash} AND state <> 'applied'`)
}

/** What a peer said it knows. The newest statement wins componentwise: packages arrive in any order. */
export function rememberPeer(db: WritableDb, replica: string, knows: Vector, at: number): void {
  const before = peerVector(db, replica)
  const merged: Record<string, number> = { ...before }
  for (const [name, seq] of Object.entries(knows)) merged[name] = Math.max(merged[name] ?? 0, seq)
  db.run(sql`INSERT INTO peer (replica, vector, heard_at) VALUES (${replica}, ${JSON.stringify(merged)}, ${at})
    ON CONFLICT (replica) DO UPDATE SET vector = excluded.vector, heard_at = max(heard_at, excluded.heard_at)`)
}

/** @returns what a replica has acknowledged; empty for one never heard. */
export function peerVector(db: ReadableDb, replica: string): Vector {
  const row = db.get<{ vector: string }>(sql`SELECT vector FROM peer WHERE replica = ${replica}`)
  return row ? (JSON.parse(row.vector) as Vector) : {}
}

export interface PeerState {
  readonly replica: string
  readonly vector: Vector
  readonly heardAt: number
}
export function peers(db: ReadableDb): PeerState[] {
  return db
    .all<{ replica: string; vector: string; heard_at: number }>(
      sql`SELECT replica, vector, heard_at FROM peer`,
    )
    .map((row) => ({ replica: row.replica, vector: JSON.parse(row.vector) as Vector, heardAt: row.heard_at }))
}

export interface PackageCounts {
  readonly waiting: number
  readonly quarantined: number
  readonly lastSentAt: number | null
  readonly lastReceivedAt: number | null
}
export function packageCounts(db: ReadableDb): PackageCounts {
  const counted = db.get<{
    waiting: number
    quarantined: number
    last_in: number | null
    last_out: number | null
  }>(sql`
    SELECT (SELECT count(*) FROM package_in WHERE state = 'waits') AS waiting,
           (SELECT count(*) FROM package_in WHERE state = 'quarantined') AS quarantined,
           (SELECT max(at) FROM package_in WHERE state = 'applied') AS last_in,
           (SELECT max(made_at) FROM package_out) AS last_out`)
  return {
    waiting: counted?.waiting ?? 0,
    quarantined: counted?.quarantined ?? 0,
    lastSentAt: counted?.last_out ?? null,
    lastReceivedAt: counted?.last_in ?? null,
  }
}

/** The author's signature of a chain head, kept so that a relay can pass it on. */
export function rememberHeadSignature(db: WritableDb, replica: string, seq: number, signature: string): void {
  db.run(sql`UPDATE known_replica SET signature = ${signature} WHERE replica = ${replica} AND seq = ${seq}`)
}

/** What the author signs of a chain head. */
export function headBytes(replica: string, seq: number, hash: string): Uint8Array {
  return new TextEncoder().encode(`maotiao-head\n${replica}\n${seq}\n${hash}`)
}
