/** Looking into packages and files as an attacker or an auditor with the right keys would. */
import { readFileSync } from 'node:fs'
import { PEOPLE, type Account } from '../helpers/terminals'
import { TEST_PASSWORD } from '../helpers/store'
import type { Compartment } from '../../domain/compartments'
import { unlockAccount } from '../../db/keys/account'
import { readKeysFile } from '../../db/keys/file'
import { replicaKeysOf, type ReplicaKeys } from '../../db/keys/replica'
import { openReader, type Reader } from '../../db/open'
import type { Store } from '../../db/store'
import { decryptPackage, packChanges, type PackInput } from '../../electron/core/exchange/pack'
import { unpackPackage, type UnpackedPackage } from '../../electron/parser/package'

const OPENERS: Readonly<Record<Compartment, Account>> = {
  base: 'admin',
  psych: 'chen',
  roster: 'sun',
  children: 'tao',
}

/** @returns the keys that an account holds of a compartment in a data folder */
export function keysOf(dataDir: string, compartment: Compartment, account: Account): readonly Uint8Array[] {
  const file = readKeysFile(dataDir)
  const named = file.accounts.find((one) => one.account === account)
  if (named === undefined) throw new Error(`${account} of ${Object.keys(PEOPLE).join()} has no account here`)
  return unlockAccount(named, TEST_PASSWORD).compartmentKeys(file, compartment)
}

/** A second connection that only reads, beside the running core. */
export function lookInto<T>(dataDir: string, compartment: Compartment, look: (reader: Reader) => T): T {
  const keys = keysOf(dataDir, compartment, OPENERS[compartment])
  const reader = openReader({ dataDir, compartment, keys })
  try {
    return look(reader)
  } finally {
    reader.connection.close()
  }
}

export const exchangeKeys = (dataDir: string, compartment: Compartment = 'base'): ReplicaKeys =>
  lookInto(dataDir, compartment, (reader) => replicaKeysOf(reader as unknown as Store))

export async function unpacked(path: string, identity: string): Promise<UnpackedPackage> {
  return unpackPackage(await decryptPackage(new Uint8Array(readFileSync(path)), [identity]))
}

/** Puts a package together again, as whoever holds these keys could. */
export async function repack(
  inside: Pick<UnpackedPackage, 'manifest'> & { readonly changes: readonly unknown[] },
  keys: Pick<PackInput, 'signPrivate' | 'signPublic'>,
  recipients: readonly string[],
): Promise<Uint8Array> {
  const { entries: _entries, changes: _changes, ...manifest } = inside.manifest
  const lines = inside.changes.map((change) => JSON.stringify(change))
  return (await packChanges({ manifest, lines, ...keys, recipients })).bytes
}
