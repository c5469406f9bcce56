/**
 * Key pairs: X25519 to receive keys, Ed25519 to sign. Raw 32-byte halves, imported by their DER prefix, which Node's
 * OpenSSL and Electron's BoringSSL both read.
 */
import {
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from 'node:crypto'
import { fromText, sha256, toText } from './encoding'

const PRIVATE_PREFIX = {
  x25519: '302e020100300506032b656e04220420',
  ed25519: '302e020100300506032b657004220420',
}
const PUBLIC_PREFIX = { x25519: '302a300506032b656e032100', ed25519: '302a300506032b6570032100' }
type Curve = keyof typeof PUBLIC_PREFIX

export function privateKeyOf(curve: Curve, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(PRIVATE_PREFIX[curve], 'hex'), raw])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}
export function publicKeyOf(curve: Curve, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(PUBLIC_PREFIX[curve], 'hex'), raw])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}
/** Raw public half of a raw private one. */
export function publicHalf(curve: Curve, raw: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKeyOf(curve, raw)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(der.length - 32))
}

/** Both halves of both pairs; texts are base64url of raw keys. */
export interface KeyPairs {
  readonly boxPrivate: Uint8Array
  readonly signPrivate: Uint8Array
  readonly boxPublic: string
  readonly signPublic: string
}

/** @param secret 64 bytes: X25519 private, then Ed25519 private. */
export function pairsFrom(secret: Uint8Array): KeyPairs {
  if (secret.length !== 64) throw new Error('two private keys have 64 bytes')
  const boxPrivate = Uint8Array.from(secret.subarray(0, 32))
  const signPrivate = Uint8Array.from(secret.subarray(32))
  return {
    boxPrivate,
    signPrivate,
    boxPublic: toText(publicHalf('x25519', boxPrivate)),
    signPublic: toText(publicHalf('ed25519', signPrivate)),
  }
}
export const secretOf = (pairs: KeyPairs): Uint8Array =>
  new Uint8Array(Buffer.concat([pairs.boxPrivate, pairs.signPrivate]))

/** New pairs. Keys never come from a seed: they take the machine's randomness, whatever a demonstration does. */
export const newPairs = (): KeyPairs => pairsFrom(new Uint8Array(randomBytes(64)))

/** @param secret the 32 bytes of the recovery sheet. */
export function recoveryPairs(secret: Uint8Array): KeyPairs {
  if (secret.length !== 32) throw new Error('a recovery secret has 32 bytes')
  return pairsFrom(new Uint8Array(hkdfSync('sha256', secret, Buffer.alloc(0), 'maotiao-recovery-v1', 64)))
}

const SIGNATURE = 'ed25519.'

/** @returns Ed25519 signature, base64url. */
export function signWith(signPrivate: Uint8Array, bytes: Uint8Array): string {
  return toText(new Uint8Array(signBytes(null, bytes, privateKeyOf('ed25519', signPrivate))))
}

/** A signature as it is stored: its algorithm in front. */
export const labelled = (signature: string): string => SIGNATURE + signature

/** @param signature labelled. @returns whether it is this key's over these bytes; anything malformed is not. */
export function verifySignature(signPublic: string, bytes: Uint8Array, signature: string): boolean {
  if (!signature.startsWith(SIGNATURE)) return false
  try {
    const key = publicKeyOf('ed25519', fromText(signPublic))
    return verifyBytes(null, bytes, key, fromText(signature.slice(SIGNATURE.length)))
  } catch {
    return false
  }
}

/** SHA-256 of both public halves: what a grant names. */
export const fingerprintOf = (keys: { readonly boxPublic: string; readonly signPublic: string }): string =>
  `sha256.${toText(sha256(`${keys.boxPublic}.${keys.signPublic}`))}`
