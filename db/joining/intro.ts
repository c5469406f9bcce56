/** Introducing replicas: each is vouched for by its terminal's signature, a confidential one by a holder's as well. */
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { holdersOf } from '../accounts/grants'
import type { UnlockedAccount } from '../keys/account'
import { statement } from '../keys/encoding'
import { fingerprintOf, labelled, verifySignature } from '../keys/pairs'
import { replicaKeysOf, terminalKeysOf } from '../keys/replica'
import { insertRow } from '../rows'
import { sql } from '../sql'
import type { Actor, Store, WriteTx } from '../store'
import { writeTx } from '../transaction'

/** A row of `replica_intro` without what the holder adds; the manifest of a package carries the same. */
export interface Intro {
  readonly compartment: Compartment
  readonly replica: string
  readonly terminal_id: string
  readonly predecessor: string
  readonly predecessor_seq: number
  readonly recipient: string
  readonly sign_public: string
  readonly signature: string
}

const introBytes = (intro: Omit<Intro, 'signature'>): Uint8Array =>
  statement(
    'maotiao-replica-v1',
    intro.compartment,
    intro.replica,
    intro.terminal_id,
    intro.predecessor,
    intro.predecessor_seq,
    intro.recipient,
    intro.sign_public,
  )

/** @param sign of the terminal. */
export function signIntro(intro: Omit<Intro, 'signature'>, sign: (bytes: Uint8Array) => string): Intro {
  return { ...intro, signature: labelled(sign(introBytes(intro))) }
}

/** @param terminalSignPublic of the terminal that the intro names. @returns whether it vouches for the replica. */
export function verifyIntro(intro: Intro, terminalSignPublic: string): boolean {
  return verifySignature(terminalSignPublic, introBytes(intro), intro.signature)
}

/** Id is the replica's: telling it twice makes one row. A holder's word is a row of its own. */
export function insertIntro(tx: WriteTx, intro: Intro): void {
  insertRow(tx, 'replica_intro', { ...intro, holder_id: '', holder_signature: '' }, intro.replica)
}

const metaOf = (store: Store, name: string): string =>
  store.db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = ${name}`)?.value ?? ''

/** The intro of an open replica, signed by this terminal. */
function introOf(base: Store, store: Store): Intro {
  const terminal = terminalKeysOf(base)
  const keys = replicaKeysOf(store)
  return signIntro(
    {
      compartment: store.compartment,
      replica: store.replica,
      terminal_id: terminal.terminalId,
      predecessor: metaOf(store, 'predecessor'),
      predecessor_seq: Number(metaOf(store, 'predecessor_seq') || '0'),
      recipient: keys.recipient,
      sign_public: keys.signPublic,
    },
    terminal.sign,
  )
}

/**
 * Tells the centre about this replica if it does not know it: after a restore, a copy or a roll-back was noticed. Run
 * after opening, in any session.
 */
export function introduceReplica(base: Store, store: Store, actor: Actor): void {
  if (base.db.get(sql`SELECT 1 FROM replica_intro WHERE replica = ${store.replica}`) !== undefined) return
  const intro = introOf(base, store)
  writeTx(base, actor, (tx) => {
    insertIntro(tx, intro)
  })
}

interface IntroRow extends Intro {
  readonly id: string
  readonly holder_id: string
  readonly holder_signature: string
}

const holderBytes = (intro: Intro, fingerprint: string): Uint8Array =>
  statement('maotiao-holder-v1', Buffer.from(introBytes(intro)).toString('utf8'), fingerprint)

/** By the keys the holder's staff record has now: a new key pair means a new word. */
function endorsed(base: Store, row: IntroRow): boolean {
  if (row.compartment === 'base') return true
  const keys = base.db.get<{ boxPublic: string; signPublic: string }>(
    sql`SELECT box_public AS boxPublic, sign_public AS signPublic FROM staff WHERE id = ${row.holder_id}`,
  )
  if (keys === undefined) return false
  const fingerprint = fingerprintOf(keys)
  const isHolder = holdersOf(base, row.compartment).some(
    (holder) => holder.staffId === row.holder_id && holder.fingerprint === fingerprint,
  )
  return isHolder && verifySignature(keys.signPublic, holderBytes(row, fingerprint), row.holder_signature)
}

/** A replica that may be sent packages: its intro and, if confidential, a holder's word were verified. */
export interface TrustedReplica extends Intro {
  readonly endorsed: boolean
}

/** @returns the replicas of active terminals of a compartment, each once, whose terminal's signature holds. */
export function trustedReplicas(base: Store, compartment: Compartment): readonly TrustedReplica[] {
  const rows = base.db.all<IntroRow & { terminal_sign: string }>(sql`
    SELECT i.*, t.sign_public AS terminal_sign FROM replica_intro i JOIN terminal t ON t.id = i.terminal_id
    WHERE i.compartment = ${compartment} AND t.active = 1 ORDER BY i.id`)
  const found = new Map<string, TrustedReplica>()
  for (const row of rows) {
    if (!verifyIntro(row, row.terminal_sign)) continue
    const before = found.get(row.replica)
    found.set(row.replica, {
      ...introFields(row),
      endorsed: before?.endorsed === true || endorsed(base, row),
    })
  }
  return [...found.values()]
}

const introFields = (row: IntroRow): Intro => ({
  compartment: row.compartment,
  replica: row.replica,
  terminal_id: row.terminal_id,
  predecessor: row.predecessor,
  predecessor_seq: row.predecessor_seq,
  recipient: row.recipient,
  sign_public: row.sign_public,
  signature: row.signature,
})

/**
 * In a holder's session: signs the replica of the compartment that is open here, so that others send it packages.
 * @param store the confidential compartment, open on this terminal
 */
export function endorseReplica(base: Store, store: Store, actor: Actor, holder: UnlockedAccount): void {
  if (!CONFIDENTIAL_COMPARTMENTS.some((name) => name === store.compartment)) return
  introduceReplica(base, store, actor)
  const known = trustedReplicas(base, store.compartment).find((one) => one.replica === store.replica)
  if (known === undefined || known.endorsed) return
  const holder_signature = labelled(holder.sign(holderBytes(known, fingerprintOf(holder))))
  writeTx(base, actor, (tx) => {
    const { endorsed: _, ...intro } = known
    insertRow(tx, 'replica_intro', { ...intro, holder_id: holder.staffId, holder_signature })
  })
}
