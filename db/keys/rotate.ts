/**
 * Changing a compartment's key: the new one is wrapped and synced first, then the file is encrypted anew, then the old
 * one goes. A kill at any point leaves a file that one of the keys in `keys.json` opens (DESIGN.md section 5).
 */
import { randomBytes } from 'node:crypto'
import { changeKey } from '../connection'
import type { HeldStore } from '../open'
import type { Store } from '../store'
import { readKeysFile, withCompartment, writeKeysFile, type CompartmentKeys } from './file'
import { newGeneration } from './slots'

/** @returns whether a slot was removed here since the last change of the key, or a change was cut off in the middle. */
function rotationDue(dataDir: string, store: Store): boolean {
  const entry = readKeysFile(dataDir).compartments[store.compartment]
  return entry.rotationDue || entry.generations.length > 1
}

/** Step one: after it both keys are in `keys.json`. */
export function prepareRotation(dataDir: string, store: Store, oldKey: Uint8Array): Uint8Array {
  const file = readKeysFile(dataDir)
  const entry = file.compartments[store.compartment]
  const current = entry.generations.at(-1)
  if (current === undefined) throw new Error('a compartment without a key generation')
  const key = new Uint8Array(randomBytes(32))
  const recipients = current.slots.map(({ holder, boxPublic }) => ({ holder, boxPublic }))
  const next = newGeneration(recipients, entry.fileId, key, store.clock.now())
  // The generation that opens the file now: after a cut-off rotation it may be either, so it is wrapped again.
  const old = newGeneration(recipients, entry.fileId, oldKey, current.madeAt)
  save(dataDir, store, { ...entry, generations: [next, old], rotationDue: true })
  return key
}

/** Step three: the old key goes, also from the kept copy of `keys.json`. */
export function finishRotation(dataDir: string, store: Store): void {
  const entry = readKeysFile(dataDir).compartments[store.compartment]
  const done = { ...entry, generations: entry.generations.slice(0, 1), rotationDue: false }
  save(dataDir, store, done)
  save(dataDir, store, done)
}

function save(dataDir: string, store: Store, entry: CompartmentKeys): void {
  writeKeysFile(dataDir, withCompartment(readKeysFile(dataDir), store.compartment, entry))
}

/**
 * Changes the key of an open compartment. Runs long on a large file.
 * @param held as it was opened
 * @returns it with the key it has now
 */
export function rotateKey(dataDir: string, { store, key: oldKey }: HeldStore): HeldStore {
  const key = prepareRotation(dataDir, store, oldKey)
  store.connection.pragma('wal_checkpoint(TRUNCATE)')
  changeKey(store.connection, key)
  store.connection.pragma('wal_checkpoint(TRUNCATE)')
  finishRotation(dataDir, store)
  return { store, key }
}

/** Run after opening: somebody lost their slot here, or a change of the key was cut off in the middle. */
export function rotateIfDue(dataDir: string, held: HeldStore): HeldStore {
  return rotationDue(dataDir, held.store) ? rotateKey(dataDir, held) : held
}
