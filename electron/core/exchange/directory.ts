/** Who is who among replicas: rows of `terminal` and `replica_intro` in base, each believed only by its signature. */
import { introSchema, type Manifest, type ReplicaIntro } from '../../../domain/contract/package'
import { trustedReplicas, verifyIntro } from '../../../db/joining/intro'
import type { ReadableDb } from '../../../db/handle'
import { sql } from '../../../db/sql'
import type { Store } from '../../../db/store'
import type { UnpackedPackage } from '../../parser/package'

export interface Receiver {
  readonly terminalId: string
  readonly replica: string
  /** `age1…` */
  readonly recipient: string
}

const terminalKeys = (db: ReadableDb): Map<string, string> =>
  new Map(
    db
      .all<{ id: string; sign_public: string }>(sql`SELECT id, sign_public FROM terminal WHERE active = 1`)
      .map((row) => [row.id, row.sign_public]),
  )

/**
 * Current replicas that may get a package of this compartment, a copy of this very folder among them. A confidential
 * replica counts only after a holder of the compartment has signed its identity.
 * @param address `centre`, or a terminal's id
 */
export function receiversOf(base: Store, store: Store, address: string): Receiver[] {
  const replicas = trustedReplicas(base, store.compartment)
  const superseded = new Set(replicas.map((one) => one.predecessor))
  return replicas
    .filter(
      (one) =>
        (address === 'centre' || one.terminal_id === address) &&
        one.replica !== store.replica &&
        !superseded.has(one.replica) &&
        (store.compartment === 'base' || one.endorsed),
    )
    .map((one) => ({ terminalId: one.terminal_id, replica: one.replica, recipient: one.recipient }))
}

/** @returns the sender's signing key when its terminal is known and vouches for the replica, else null */
export function senderOf(base: Store, manifest: Manifest): { readonly signPublic: string } | null {
  const { intro, sender } = manifest
  const terminalKey = terminalKeys(base.db).get(sender.terminal)
  const same =
    intro.replica === sender.replica &&
    intro.terminal_id === sender.terminal &&
    intro.compartment === manifest.compartment
  return terminalKey !== undefined && same && verifyIntro(intro, terminalKey)
    ? { signPublic: intro.sign_public }
    : null
}

/**
 * Signing keys of authors by replica: those known here and those introduced by the package itself. An introduction in
 * the package is believed on its terminal's signature; a terminal that comes in the same package is a signed change,
 * which the import checks.
 */
export function authorKeys(base: Store, unpacked: UnpackedPackage): ReadonlyMap<string, string> {
  const { manifest, changes } = unpacked
  const keys = new Map(
    trustedReplicas(base, manifest.compartment).map((one) => [one.replica, one.sign_public]),
  )
  const terminals = terminalKeys(base.db)
  const intros: ReplicaIntro[] = [manifest.intro]
  for (const change of changes) {
    const insert = insertOf(change)
    if (
      insert?.table === 'terminal' &&
      !terminals.has(insert.row) &&
      typeof insert.body['sign_public'] === 'string'
    ) {
      terminals.set(insert.row, insert.body['sign_public'])
    }
    const intro = insert?.table === 'replica_intro' ? introSchema.safeParse(insert.body) : undefined
    if (intro?.success === true) intros.push(intro.data)
  }
  for (const intro of intros) {
    const terminalKey = terminals.get(intro.terminal_id)
    const wanted = intro.compartment === manifest.compartment && !keys.has(intro.replica)
    if (wanted && terminalKey !== undefined && verifyIntro(intro, terminalKey))
      keys.set(intro.replica, intro.sign_public)
  }
  return keys
}

/** Table, row and values of an insert, when the line has that shape. */
function insertOf(change: unknown): { table: string; row: string; body: Record<string, unknown> } | null {
  if (change === null || typeof change !== 'object') return null
  const { table, row, op, body } = change as Record<string, unknown>
  if (op !== 'i' || body === null || typeof body !== 'object' || typeof table !== 'string') return null
  return { table, row: String(row), body: body as Record<string, unknown> }
}
