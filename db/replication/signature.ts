/** Account signatures over changes: Ed25519, keys as base64url of the raw public half. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { headerHash, signedBytes, type Change } from './change'

const keys = new Map<string, KeyObject | undefined>()

function keyOf(signPublic: string): KeyObject | undefined {
  if (keys.has(signPublic)) return keys.get(signPublic)
  let key: KeyObject | undefined
  try {
    key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: signPublic }, format: 'jwk' })
  } catch {
    key = undefined
  }
  if (keys.size >= 1000) keys.clear()
  keys.set(signPublic, key)
  return key
}

/** @returns whether the change bears this account's valid signature. */
export function isSignedBy(change: Change, signPublic: string): boolean {
  const key = signPublic === '' ? undefined : keyOf(signPublic)
  if (key === undefined || change.signature === null) return false
  return verify(null, signedBytes(headerHash(change)), key, Buffer.from(change.signature, 'base64url'))
}
