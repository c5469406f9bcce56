/**
 * `keys.json` follows the rows: accounts and base slots by the staff of base, confidential slots by the verified grant
 * chain. Run after every transaction or import that touched them, by any session; what needs a key it does not hold
 * waits for one that does (DESIGN.md section 5).
 */
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { holdersOf, pinned } from '../accounts/grants'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import type { HeldStore } from '../open'
import type { Store } from '../store'
import { localTx } from '../transaction'
import {
  readKeysFile,
  RECOVERY,
  writeKeysFile,
  type AccountKeys,
  type CompartmentKeys,
  type KeysFile,
} from './file'
import { fingerprintOf } from './pairs'
import type { Wrapped } from './password'
import { adjustSlots, type Recipient } from './slots'

interface StaffKeys {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly box_public: string
  readonly sign_public: string
}

const activeStaff = (db: ReadableDb): readonly StaffKeys[] =>
  db.all<StaffKeys>(sql`SELECT id, account, name, box_public, sign_public FROM staff
    WHERE active = 1 AND account <> '' AND box_public <> '' ORDER BY account, id`)

/** Shown wrapping first, then those that stand beside it after concurrent password changes: each opens. */
function wrappingsOf(db: ReadableDb, staffId: string): readonly Wrapped[] {
  const texts = [
    ...db.all<{ text: string | null }>(sql`SELECT wrapped AS text FROM staff_secret WHERE id = ${staffId}`),
    ...db.all<{ text: string | null }>(sql`SELECT c.body ->> '$.wrapped' AS text FROM head h
      JOIN change c ON c.replica = h.replica AND c.seq = h.seq
      WHERE h.tbl = 'staff_secret' AND h.row_id = ${staffId} AND (h.grp = 'wrapped' OR (h.grp = '' AND NOT EXISTS
        (SELECT 1 FROM head g WHERE g.tbl = h.tbl AND g.row_id = h.row_id AND g.grp = 'wrapped')))
      ORDER BY c.lamport DESC, c.replica`),
  ]
  const distinct = new Set(texts.map((row) => row.text).filter((text) => text !== null && text !== '{}'))
  return [...distinct].map((text) => JSON.parse(text ?? 'null') as Wrapped)
}

function accountsOf(db: ReadableDb): readonly AccountKeys[] {
  return activeStaff(db).map((staff) => ({
    staffId: staff.id,
    account: staff.account,
    name: staff.name,
    boxPublic: staff.box_public,
    signPublic: staff.sign_public,
    wrapped: wrappingsOf(db, staff.id),
  }))
}

/** @param anchor the file whose pinned recovery key is believed: the compartment's own, where it is open. */
function recipientsOf(base: Store, compartment: Compartment, anchor: Store): readonly Recipient[] {
  const staff = activeStaff(base.db)
  const recovery = { holder: RECOVERY, boxPublic: pinned(anchor, 'recovery_box_public') }
  if (compartment === 'base')
    return [recovery, ...staff.map((one) => ({ holder: one.id, boxPublic: one.box_public }))]
  const holders = holdersOf(base, compartment, anchor)
  const entitled = staff.filter((one) => {
    const fingerprint = fingerprintOf({ boxPublic: one.box_public, signPublic: one.sign_public })
    return holders.some((holder) => holder.staffId === one.id && holder.fingerprint === fingerprint)
  })
  return [recovery, ...entitled.map((one) => ({ holder: one.id, boxPublic: one.box_public }))]
}

/**
 * Pure but for reading base.
 * @param held the compartments this session has open; slots are added only for these
 * @returns the file as the rows want it, as far as the held keys allow
 */
export function keysFileFor(file: KeysFile, base: Store, held: readonly HeldStore[]): KeysFile {
  const entries = COMPARTMENTS.map((compartment): [Compartment, CompartmentKeys] => {
    const entry = file.compartments[compartment]
    const mine = held.find((one) => one.store.compartment === compartment)
    const wanted = recipientsOf(base, compartment, mine?.store ?? base)
    // While a rotation is under way each generation has a key of its own: nobody is added before it is done.
    const key = entry.generations.length === 1 ? mine?.key : undefined
    const adjusted = entry.generations.map((generation) => adjustSlots(entry, generation, wanted, key))
    const removed = adjusted.some((one) => one.removed > 0)
    const generations = adjusted.map((one) => one.generation)
    return [compartment, { ...entry, generations, rotationDue: entry.rotationDue || removed }]
  })
  return {
    ...file,
    accounts: accountsOf(base.db),
    compartments: Object.fromEntries(entries) as KeysFile['compartments'],
  }
}

/**
 * An old password must not open what a new one protects: bodies of replaced wrappings go, their headers stay. Not those
 * that still stand beside each other.
 */
function eraseReplacedWrappings(base: Store): void {
  const old = sql`tbl = 'staff_secret' AND op = 'u' AND body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM head h
    WHERE h.replica = change.replica AND h.seq = change.seq)`
  if (base.db.get(sql`SELECT 1 FROM change WHERE ${old} LIMIT 1`) === undefined) return
  localTx(base, () => {
    base.db.run(sql`UPDATE change SET salt = NULL, body = NULL WHERE ${old}`)
  })
}

/**
 * Rewrites `keys.json` where the rows ask for it.
 * @returns whether anything was written
 */
export function syncKeysFile(dataDir: string, base: Store, held: readonly HeldStore[]): boolean {
  eraseReplacedWrappings(base)
  const before = readKeysFile(dataDir)
  const after = keysFileFor(before, base, held)
  if (JSON.stringify(after) === JSON.stringify(before)) return false
  writeKeysFile(dataDir, after)
  return true
}
