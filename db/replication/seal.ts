/** Sealing: what a trigger cannot compute is filled in before the same transaction commits (DESIGN.md section 4, rule 1). */
import { AppError } from '../../domain/errors'
import type { WritableDb } from '../handle'
import { tableOf } from '../schema'
import { sql } from '../sql'
import type { Actor, Store } from '../store'
import { canonical, digestOf } from './canonical'
import { changeOf, headerHash, signedBytes, type ChangeRow } from './change'

/** What `capture_context` says about the running transaction. */
export interface CaptureContext {
  readonly replica: string
  /** Last sequence before this transaction. */
  readonly seq: number
  readonly counter: number
  /** Canonical JSON of what was learned of others since the last own change; empty for nothing. */
  readonly seen: string
}

/** @returns the last known head of a replica's chain: its hash, or an empty text before the first change. */
export function chainHead(db: WritableDb, replica: string): string {
  return db.get<{ hash: string }>(sql`SELECT hash FROM known_replica WHERE replica = ${replica}`)?.hash ?? ''
}

/** A new replica's first change names everything its file knows, whatever the file came from. */
function seenBefore(db: WritableDb, context: CaptureContext): string {
  if (context.seq > 0) return context.seen
  const known = db.all<{ replica: string; seq: number; hash: string }>(
    sql`SELECT replica, seq, hash FROM known_replica WHERE seq > 0 AND replica <> ${context.replica} ORDER BY replica`,
  )
  return known.length === 0 ? '' : canonical(known.map(({ replica, seq, hash }) => [replica, seq, hash]))
}

/** @returns the changes of this transaction, in order. */
export function newChanges(db: WritableDb, context: CaptureContext): ChangeRow[] {
  return db.all<ChangeRow>(
    sql`SELECT * FROM change WHERE replica = ${context.replica} AND seq > ${context.seq} ORDER BY seq`,
  )
}

/** A decision between values, or a write to a table that carries power. */
function needsSignature(store: Store, row: ChangeRow): 'must' | 'may' | 'no' {
  if (tableOf(store.compartment, row.tbl)?.signed === true) return 'must'
  return row.parents.includes('],[') ? 'may' : 'no'
}

/**
 * Fills salt, digest, prev, hash and, where rule 13 asks for one, the actor's signature.
 * @param rows the unsealed changes of the transaction, in order
 * @throws AppError FORBIDDEN when a change that carries power has no signer
 */
export function sealChanges(
  store: Store,
  actor: Actor,
  context: CaptureContext,
  rows: readonly ChangeRow[],
): void {
  const { db } = store
  let prev = chainHead(db, context.replica)
  let last: ChangeRow | undefined
  for (const row of rows) {
    const seen = last === undefined ? seenBefore(db, context) : ''
    const salt = Buffer.from(store.random.bytes(16)).toString('base64url')
    const body = canonical(JSON.parse(row.body ?? '{}'))
    const digest = digestOf(salt, body)
    const hash = headerHash(changeOf({ ...row, seen, digest, prev }))
    const wanted = needsSignature(store, row)
    if (wanted === 'must' && actor.sign === null)
      throw new AppError('FORBIDDEN', '这项修改需要本人签名，没有保存。请重新登录后再试。')
    const signature = wanted === 'no' || actor.sign === null ? null : actor.sign(signedBytes(hash))
    db.run(sql`UPDATE change SET seen = ${seen}, salt = ${salt}, body = ${body}, digest = ${digest}, prev = ${prev}, hash = ${hash},
      signature = ${signature} WHERE replica = ${row.replica} AND seq = ${row.seq}`)
    prev = hash
    last = row
  }
  if (last === undefined) return
  db.run(sql`INSERT INTO known_replica (replica, seq, hash, lamport, mine, signature)
    VALUES (${last.replica}, ${last.seq}, ${prev}, ${last.lamport}, 1, NULL)
    ON CONFLICT (replica) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, lamport = excluded.lamport, signature = NULL`)
  db.run(sql`UPDATE capture_context SET seen = ''`)
}
