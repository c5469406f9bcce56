/** A change as it comes from outside: its shape is settled before anything in it is believed. */
import type { FieldValue } from './merge'
import type { Body, Change, SeenRef, WriteRef } from './change'

type Plain = Readonly<Record<string, unknown>>

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max
const isName = (value: unknown): value is string => isText(value, 200) && value !== ''
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

const isRef = (value: unknown): value is WriteRef =>
  Array.isArray(value) && value.length === 2 && isName(value[0]) && isCount(value[1])
const isSeen = (value: unknown): value is SeenRef =>
  Array.isArray(value) && value.length === 3 && isName(value[0]) && isCount(value[1]) && isName(value[2])
const isParents = (value: unknown): value is Change['parents'] =>
  isPlain(value) && Object.values(value).every((refs) => Array.isArray(refs) && refs.every(isRef))
const isFieldValue = (value: unknown): value is FieldValue =>
  value === null || typeof value === 'string' || Number.isSafeInteger(value)
const isBody = (value: unknown): value is Body => isPlain(value) && Object.values(value).every(isFieldValue)

/** @returns the change, or undefined when it is none: no member of it can be trusted then. */
export function parseChange(value: unknown): Change | undefined {
  if (!isPlain(value)) return undefined
  const { replica, seq, lamport, txn, schema, actor, typed_by, post, table, row, op } = value
  const { parents, seen, digest, prev, signature = null, salt = null, body = null } = value
  if (!isName(replica) || !isCount(seq) || !isCount(lamport) || !isName(txn) || !isCount(schema))
    return undefined
  if (!isText(actor, 200) || !isText(typed_by, 200) || !isText(post, 200)) return undefined
  if (!isName(table) || !isName(row) || !isName(op) || !isParents(parents)) return undefined
  if (!Array.isArray(seen) || !seen.every(isSeen) || !isName(digest) || !isText(prev, 200)) return undefined
  if (signature !== null && !isName(signature)) return undefined
  if (salt === null && body === null)
    return {
      replica,
      seq,
      lamport,
      txn,
      schema,
      actor,
      typed_by,
      post,
      table,
      row,
      op,
      parents,
      seen,
      digest,
      prev,
      signature,
      salt,
      body,
    }
  if (!isName(salt) || !isBody(body)) return undefined
  return {
    replica,
    seq,
    lamport,
    txn,
    schema,
    actor,
    typed_by,
    post,
    table,
    row,
    op,
    parents,
    seen,
    digest,
    prev,
    signature,
    salt,
    body,
  }
}
