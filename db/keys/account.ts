/** An account's keys in memory, from a password or freshly made. The private halves stay inside. */
import type { Compartment } from '../../domain/compartments'
import { openSealed } from './seal'
import type { AccountKeys, KeysFile } from './file'
import { pairsFrom, secretOf, signWith, type KeyPairs } from './pairs'
import { unwrapWith, wrapUnder, wrongPassword, type ScryptCost, type Wrapped } from './password'
import { openSlots } from './slots'

export interface UnlockedAccount {
  readonly staffId: string
  readonly account: string
  readonly name: string
  readonly boxPublic: string
  readonly signPublic: string
  /** Ed25519 signature, base64url. */
  readonly sign: (bytes: Uint8Array) => string
  /** Opens what was sealed to this account. @throws AppError COMPARTMENT_CLOSED */
  readonly openSealed: (ciphertext: string) => Uint8Array
  /** Keys of a compartment that this account holds on this terminal, newest first; empty when none. */
  readonly compartmentKeys: (file: KeysFile, compartment: Compartment) => readonly Uint8Array[]
  /** The private halves under a new password. */
  readonly wrapAgain: (password: string, cost: ScryptCost) => Wrapped
}

interface Named {
  readonly staffId: string
  readonly account: string
  readonly name: string
}

/** @param pairs of this account, just made or unwrapped. */
export function unlockedAccount(named: Named, pairs: KeyPairs): UnlockedAccount {
  return {
    staffId: named.staffId,
    account: named.account,
    name: named.name,
    boxPublic: pairs.boxPublic,
    signPublic: pairs.signPublic,
    sign: (bytes) => signWith(pairs.signPrivate, bytes),
    openSealed: (ciphertext) => openSealed(pairs.boxPrivate, ciphertext),
    compartmentKeys: (file, compartment) => openSlots(file, compartment, named.staffId, pairs.boxPrivate),
    wrapAgain: (password, cost) => wrapUnder(password, secretOf(pairs), cost),
  }
}

/**
 * Tries each wrapping the account has: two stand after concurrent password changes.
 * @throws AppError WRONG_PASSWORD
 */
export function unlockAccount(keys: AccountKeys, password: string): UnlockedAccount {
  for (const wrapped of keys.wrapped) {
    try {
      const pairs = pairsFrom(unwrapWith(password, wrapped))
      // A wrapping that holds other keys than the staff record names would sign for nobody.
      if (pairs.boxPublic === keys.boxPublic && pairs.signPublic === keys.signPublic)
        return unlockedAccount(keys, pairs)
    } catch {
      continue
    }
  }
  throw wrongPassword()
}
