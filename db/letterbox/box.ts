/**
 * The letter-box (DESIGN.md section 5): who has no key to a compartment can send into it, not read. What is sealed is
 * padded to size steps, so that its length tells nothing; the sender alone can open the receipt.
 */
import { CONFIDENTIAL_COMPARTMENTS, type ConfidentialCompartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import { pinned } from '../accounts/grants'
import { fromText, statement, toText } from '../keys/encoding'
import { labelled, newPairs, signWith, verifySignature, type KeyPairs } from '../keys/pairs'
import { openSealed, sealTo } from '../keys/seal'
import { sql } from '../sql'
import type { Store } from '../store'

export interface NewBox {
  readonly row: {
    readonly compartment: ConfidentialCompartment
    readonly box_public: string
    readonly signature: string
  }
  readonly secret: { readonly box_public: string; readonly box_private: string }
}

const boxBytes = (centreId: string, compartment: string, boxPublic: string): Uint8Array =>
  statement('maotiao-box-v1', centreId, compartment, boxPublic)

/** A compartment's pair, vouched for by the recovery key: no later row can put another box in its place. */
export function makeBox(centreId: string, compartment: ConfidentialCompartment, recovery: KeyPairs): NewBox {
  const { boxPublic, boxPrivate } = newPairs()
  const signature = labelled(signWith(recovery.signPrivate, boxBytes(centreId, compartment, boxPublic)))
  return {
    row: { compartment, box_public: boxPublic, signature },
    secret: { box_public: boxPublic, box_private: toText(boxPrivate) },
  }
}

/** Sizes in bytes; above the last, multiples of it. */
const STEPS = [1024, 4096, 16_384, 65_536]
const LENGTH = 4

function padded(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  const needed = bytes.length + LENGTH
  const largest = STEPS.at(-1) ?? needed
  const size = STEPS.find((step) => step >= needed) ?? Math.ceil(needed / largest) * largest
  const out = Buffer.alloc(size)
  out.writeUInt32BE(bytes.length, 0)
  bytes.copy(out, LENGTH)
  return new Uint8Array(out)
}

function unpadded(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes)
  return buffer.subarray(LENGTH, LENGTH + buffer.readUInt32BE(0)).toString('utf8')
}

/** @returns the compartment's public key, verified against the pinned recovery key. @throws AppError COMPARTMENT_CLOSED */
function boxOf(base: Store, compartment: ConfidentialCompartment): string {
  const row = base.db.get<{ box_public: string; signature: string }>(
    sql`SELECT box_public, signature FROM compartment_box WHERE id = ${compartment}`,
  )
  const anchor = pinned(base, 'recovery_sign_public')
  if (row && verifySignature(anchor, boxBytes(base.centreId, compartment, row.box_public), row.signature))
    return row.box_public
  throw new AppError(
    'COMPARTMENT_CLOSED',
    '这个专库的收件钥匙无效，没有转出任何内容。填写的内容还在屏幕上，请联系系统管理员。',
  )
}

export interface SealedForm {
  readonly ciphertext: string
  readonly receipt: string
}

/**
 * Seals a form into a compartment.
 * @param content what the compartment's people are to read
 * @param receipt what the sender alone may see again
 * @param senderBoxPublic public half of the sender's account
 */
export function sealForm(
  base: Store,
  compartment: ConfidentialCompartment,
  content: unknown,
  receipt: unknown,
  senderBoxPublic: string,
): SealedForm {
  return {
    ciphertext: sealTo(boxOf(base, compartment), padded(JSON.stringify(content))),
    receipt: sealTo(senderBoxPublic, padded(JSON.stringify(receipt))),
  }
}

/**
 * Opens a sealed form in a holder's session.
 * @param store the compartment, open
 * @returns the content as sealed; still to be checked, it came from outside the compartment
 * @throws AppError COMPARTMENT_CLOSED when it was not sealed to this compartment
 */
export function openForm(store: Store, ciphertext: string): unknown {
  if (!CONFIDENTIAL_COMPARTMENTS.some((name) => name === store.compartment))
    throw new Error(`${store.compartment} has no letter-box`)
  const rows = store.db.all<{ box_private: string }>(sql`SELECT box_private FROM box_secret ORDER BY id`)
  for (const { box_private } of rows) {
    try {
      return JSON.parse(unpadded(openSealed(fromText(box_private), ciphertext))) as unknown
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
  }
  throw new AppError(
    'COMPARTMENT_CLOSED',
    '这份转介不是密封给本专库的，打不开。它仍在待收列表里，请联系转介人。',
  )
}

/** @param open of the sender's account. @returns what the sender noted for themselves. */
export function openReceipt(open: (ciphertext: string) => Uint8Array, receipt: string): unknown {
  return JSON.parse(unpadded(open(receipt))) as unknown
}
