/** One change as it travels (docs/exchange-format.md) and as it lies in the `change` table. */
import { canonical, sha256 } from './canonical'

/** A write by name: author and sequence. */
export type WriteRef = readonly [replica: string, seq: number]
/** A write with the hash of its header, so that two branches of a fork are never taken for each other. */
export type SeenRef = readonly [replica: string, seq: number, hash: string]

export interface ChangeHeader {
  readonly replica: string
  readonly seq: number
  readonly lamport: number
  readonly txn: string
  readonly schema: number
  /** Staff id of the account that wrote it. */
  readonly actor: string
  /** 代录: for whom it was typed; empty when for nobody else. */
  readonly typed_by: string
  /** Row of staff_post that gave the authority. */
  readonly post: string
  readonly table: string
  readonly row: string
  /** `i` insert, `u` update; an unknown one is kept and relayed. */
  readonly op: string
  /** For every field group written: the writes it replaces. */
  readonly parents: Readonly<Record<string, readonly WriteRef[]>>
  /** What the author's file had learned of others since the author's previous change. */
  readonly seen: readonly SeenRef[]
  readonly digest: string
  /** Hash of the author's previous header; empty for the first. */
  readonly prev: string
}
export type Body = Readonly<Record<string, string | number | null>>
export interface Change extends ChangeHeader {
  readonly signature: string | null
  /** Absent with the body after an erasure. */
  readonly salt: string | null
  readonly body: Body | null
}

/** A row of the `change` table. Digest, prev and hash are empty only inside the transaction that writes it. */
export interface ChangeRow {
  readonly replica: string
  readonly seq: number
  readonly lamport: number
  readonly txn: string
  readonly schema: number
  readonly actor: string
  readonly typed_by: string
  readonly post: string
  readonly tbl: string
  readonly row_id: string
  readonly op: string
  readonly parents: string
  readonly seen: string
  readonly digest: string | null
  readonly prev: string | null
  readonly hash: string | null
  readonly signature: string | null
  readonly salt: string | null
  readonly body: string | null
  readonly arrived: number
}

/** @returns the hash that names a change and that the next one of its author holds as `prev`. */
export function headerHash(header: ChangeHeader): string {
  return sha256(
    canonical({
      replica: header.replica,
      seq: header.seq,
      lamport: header.lamport,
      txn: header.txn,
      schema: header.schema,
      actor: header.actor,
      typed_by: header.typed_by,
      post: header.post,
      table: header.table,
      row: header.row,
      op: header.op,
      parents: header.parents,
      seen: header.seen,
      digest: header.digest,
      prev: header.prev,
    }),
  )
}

/** What an account signs: the hash with a prefix of its own, so that no other signature can be passed off as one. */
export function signedBytes(hash: string): Uint8Array {
  return new TextEncoder().encode(`maotiao-change\n${hash}`)
}

/** @returns the stored change as it travels. */
export function changeOf(row: ChangeRow): Change {
  if (row.digest === null || row.prev === null) throw new Error('unsealed change')
  return {
    replica: row.replica,
    seq: row.seq,
    lamport: row.lamport,
    txn: row.txn,
    schema: row.schema,
    actor: row.actor,
    typed_by: row.typed_by,
    post: row.post,
    table: row.tbl,
    row: row.row_id,
    op: row.op,
    parents: JSON.parse(row.parents) as Change['parents'],
    seen: seenOf(row.seen),
    digest: row.digest,
    prev: row.prev,
    signature: row.signature,
    salt: row.salt,
    body: row.body === null ? null : (JSON.parse(row.body) as Body),
  }
}

/** Stored form of `seen`: canonical JSON, or empty for nothing, as with nearly every change. */
export function seenOf(text: string): readonly SeenRef[] {
  return text === '' ? [] : (JSON.parse(text) as SeenRef[])
}
