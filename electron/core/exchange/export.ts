/** Building packages: one per compartment and address, holding what the receiver has not acknowledged, whoever wrote it. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  PACKAGE_FORMAT,
  PACKAGE_SUITE,
  type Manifest,
  type ReplicaIntro,
  type Vector,
} from '../../../domain/contract/package'
import { auditHead } from '../../../db/audit'
import { writeDurable } from '../../../db/durable'
import { trustedReplicas } from '../../../db/joining/intro'
import { labelled, signWith } from '../../../db/keys/pairs'
import { fromText } from '../../../db/keys/encoding'
import { replicaKeysOf } from '../../../db/keys/replica'
import { noteState } from '../../../db/folder'
import {
  centreReceivers,
  headBytes,
  lastSent,
  peers,
  peerVector,
  recordSent,
  rememberCentreReceivers,
} from '../../../db/packages'
import { changesSince, chainHeads, knownVector } from '../../../db/replication/vector'
import { AppError } from '../../../domain/errors'
import type { Store } from '../../../db/store'
import { localTx } from '../../../db/transaction'
import { receiversOf, type Receiver } from './directory'
import { packChanges } from './pack'

export const PACKAGE_SUFFIX = '.mtp'
/** A change of the first schema; only a raised number makes an older reader wait (DESIGN.md section 4, rule 11). */
const MIN_READER = 10

export interface BuiltPackage {
  readonly fileName: string
  readonly changes: number
}
export interface ExportTarget {
  /** `centre`, or a terminal's id. */
  readonly address: string
  /** Where the file goes. */
  readonly folder: string
  /** `always`: by hand, a person waits for a file. `when_new`: the schedule; nothing new, no file. */
  readonly when: 'always' | 'when_new'
}

const minimum = (vectors: readonly Vector[]): Vector => {
  const [first, ...rest] = vectors
  if (first === undefined) return {}
  return Object.fromEntries(
    Object.entries(first).map(([replica, seq]) => [
      replica,
      Math.min(seq, ...rest.map((vector) => vector[replica] ?? 0)),
    ]),
  )
}

/**
 * What the package may leave out. To one terminal: what it acknowledged. To the centre: what the last package to the
 * centre held, and for a replica that one was not sealed to (joined or restored since), what it acknowledged.
 */
function baseVector(store: Store, address: string, receivers: readonly Receiver[]): Vector {
  const acknowledged = (some: readonly Receiver[]): Vector[] =>
    some.map((receiver) => peerVector(store.db, receiver.replica))
  const before = address === 'centre' ? lastSent(store.db, 'centre') : undefined
  if (before === undefined) return minimum(acknowledged(receivers))
  const reached = centreReceivers(store.db)
  const fresh = receivers.filter((receiver) => !reached.includes(receiver.replica))
  return minimum([before.vector, ...acknowledged(fresh)])
}

/** Milliseconds after which what a terminal has not acknowledged goes to it in a package of its own. */
const OVERDUE_MS = 24 * 60 * 60 * 1000
/** Milliseconds after which a silent terminal gets one only on request. */
const SILENT_MS = 30 * OVERDUE_MS

/** @returns ids of the terminals whose own package is due (DESIGN.md section 4, rule 10) */
export function overdueTerminals(base: Store, store: Store): string[] {
  const now = store.clock.now()
  const sent = lastSent(store.db, 'centre', now - OVERDUE_MS)
  if (sent === undefined) return []
  const heard = new Map(peers(store.db).map((peer) => [peer.replica, peer]))
  const due = receiversOf(base, store, 'centre').filter(({ replica, terminalId }) => {
    const peer = heard.get(replica)
    if (peer === undefined || peer.heardAt < now - SILENT_MS) return false
    const lacks = Object.entries(sent.vector).some(([name, seq]) => (peer.vector[name] ?? 0) < seq)
    return lacks && (lastSent(store.db, terminalId)?.madeAt ?? 0) <= now - OVERDUE_MS
  })
  return [...new Set(due.map((receiver) => receiver.terminalId))]
}

/** This replica as its terminal introduces it, and its signature. */
function identityOf(base: Store, store: Store): { intro: ReplicaIntro; sign: (bytes: Uint8Array) => string } {
  const trusted = trustedReplicas(base, store.compartment).find((one) => one.replica === store.replica)
  if (trusted === undefined)
    throw new AppError('NOT_FOUND', '本机的身份还没有登记好，暂时不能导出。请重新登录后再试。')
  const { endorsed: _, ...intro } = trusted
  const secret = fromText(replicaKeysOf(store).signPrivate)
  return { intro, sign: (bytes) => labelled(signWith(secret, bytes)) }
}

function manifestOf(
  store: Store,
  base: Store,
  address: string,
  presupposes: Vector,
): Omit<Manifest, 'entries' | 'changes'> {
  const before = lastSent(store.db, address)
  const { intro, sign } = identityOf(base, store)
  const heads: Record<string, { seq: number; hash: string; signature: string }> = {}
  for (const head of chainHeads(store.db)) {
    const signature =
      head.replica === store.replica ? sign(headBytes(head.replica, head.seq, head.hash)) : head.signature
    if (signature !== null && head.seq > 0)
      heads[head.replica] = { seq: head.seq, hash: head.hash, signature }
  }
  return {
    format: PACKAGE_FORMAT,
    version: 1,
    suite: PACKAGE_SUITE,
    kind: 'changes',
    centre: store.centreId,
    compartment: store.compartment,
    sender: { terminal: intro.terminal_id, replica: store.replica },
    intro,
    address,
    number: (before?.number ?? 0) + 1,
    previous: before?.hash ?? '',
    schema: MIN_READER,
    min_reader: MIN_READER,
    presupposes,
    knows: knownVector(store.db),
    heads,
    audit_head: auditHead(store.db),
    made_at: store.clock.now(),
  }
}

/** @returns the package made, or null when there was nothing to send or nobody to send it to */
export async function exportStore(
  store: Store,
  base: Store,
  target: ExportTarget,
): Promise<BuiltPackage | null> {
  const receivers = receiversOf(base, store, target.address)
  if (receivers.length === 0) return null
  const presupposes = baseVector(store, target.address, receivers)
  const manifest = manifestOf(store, base, target.address, presupposes)
  const signed = (replica: string): boolean => Object.hasOwn(manifest.heads, replica)
  const lines: string[] = []
  for (const change of changesSince(store.db, presupposes)) {
    // A range without its author's signature would be refused; it follows when that has come.
    if (signed(change.replica)) lines.push(JSON.stringify(change))
  }
  if (lines.length === 0 && target.when === 'when_new') return null
  const keys = replicaKeysOf(store)
  const { bytes, hash } = await packChanges({
    manifest,
    lines,
    signPrivate: keys.signPrivate,
    signPublic: keys.signPublic,
    recipients: receivers.map((receiver) => receiver.recipient),
  })
  // The name tells neither sender nor content.
  const fileName = `mt-${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}${PACKAGE_SUFFIX}`
  writeDurable(join(target.folder, fileName), bytes)
  const held = Object.entries(manifest.knows).map(([replica, seq]): [string, number] => [
    replica,
    signed(replica) ? seq : (presupposes[replica] ?? 0),
  ])
  localTx(store, () => {
    recordSent(store.db, {
      id: hash.slice(0, 32),
      address: target.address,
      number: manifest.number,
      hash,
      vector: Object.fromEntries(held),
      fileName,
      changes: lines.length,
      madeAt: manifest.made_at,
    })
    if (target.address === 'centre')
      rememberCentreReceivers(
        store.db,
        receivers.map((receiver) => receiver.replica),
      )
  })
  noteState(store)
  return { fileName, changes: lines.length }
}
