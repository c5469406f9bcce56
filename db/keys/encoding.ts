/** Bytes as text: base64url without padding, as every stored key and signature is written. */
import { createHash } from 'node:crypto'

export const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
export const fromText = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'))
export const sha256 = (bytes: Uint8Array | string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())
export const sha256Hex = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

/** The bytes that are signed: a name for the purpose, then the values, unambiguous because JSON delimits them. */
export const statement = (purpose: string, ...values: readonly (string | number)[]): Uint8Array =>
  new Uint8Array(Buffer.from(JSON.stringify([purpose, ...values]), 'utf8'))
