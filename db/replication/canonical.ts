/** Bytes that everybody computes the same: RFC 8785 JSON and SHA-256 in base64url. */
import canonicalize from 'canonicalize'
import { createHash } from 'node:crypto'

/** @returns the RFC 8785 form of plain data. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('nothing to write')
  return text
}

/** @returns SHA-256 of the UTF-8 of `text`, base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url')
}

/**
 * Digest of a change's body: SHA-256(salt ‖ canonical body). Erasing salt and body leaves it, so the chain still
 * verifies (DESIGN.md section 4, rule 7).
 */
export function digestOf(salt: string, canonicalBody: string): string {
  return sha256(salt + canonicalBody)
}
