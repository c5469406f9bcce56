/** Row and replica ids. Time and randomness come in, so that the demonstration town has the same ids for the same seed. */
import { createHash } from 'node:crypto'
import type { Clock, Random } from '../domain/clock'

function format(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

function stamped(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return format(bytes)
}

/** UUIDv7: sorts by the instant it was made (RFC 9562 5.7). */
export function timeId(clock: Clock, random: Random): string {
  const bytes = Uint8Array.from(random.bytes(16))
  const now = Math.max(0, Math.floor(clock.now()))
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256
  return stamped(bytes, 7)
}

/** UUIDv4: tells nothing, not even when it was made. For replicas, files and sealed items. */
export function randomId(random: Random): string {
  return stamped(Uint8Array.from(random.bytes(16)), 4)
}

const NAMESPACE = Buffer.from('6d616f7469616f2d6465736b2d303031', 'hex')

/** UUIDv5 of a natural key: terminals set up apart make equal rows (RFC 9562 5.5). */
export function nameId(...parts: readonly string[]): string {
  const digest = createHash('sha1').update(NAMESPACE).update(parts.join('\u001f'), 'utf8').digest()
  return stamped(Uint8Array.from(digest.subarray(0, 16)), 5)
}
