/** Taking a package in: opened, checked, applied or kept waiting; never half, never because of data (rule 13). */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Compartment } from '../../../domain/compartments'
import type { ImportOutcome } from '../../../domain/contract/exchange'
import type { Manifest, Vector } from '../../../domain/contract/package'
import { AppError } from '../../../domain/errors'
import { noteState } from '../../../db/folder'
import { replicaKeysOf } from '../../../db/keys/replica'
import { verifySignature } from '../../../db/keys/pairs'
import {
  headBytes,
  isOwnPackage,
  receivedState,
  recordReceived,
  rememberHeadSignature,
  rememberPeer,
  type ReceivedState,
} from '../../../db/packages'
import { applyChanges } from '../../../db/replication/apply'
import { noteForeignHeads } from '../../../db/replication/forks'
import { knownVector } from '../../../db/replication/vector'
import type { Store } from '../../../db/store'
import { localTx } from '../../../db/transaction'
import type { UnpackedPackage } from '../../parser/package'
import type { ParserClient } from '../app-types'
import { authorKeys, senderOf } from './directory'
import { verifyDetached } from './jws'
import { decryptPackage } from './pack'
import { SCHEMA_VERSION } from './version'

export const LARGEST_PACKAGE = 256 * 1024 * 1024

export interface ImportContext {
  readonly base: Store
  /** Compartments open in this session, base among them. */
  readonly stores: ReadonlyMap<Compartment, Store>
  readonly parser: ParserClient
  /** Own changes came back that this file had lost: it must become a new replica before anything is written. */
  readonly renew: (compartment: Compartment) => void
}

/**
 * @param path file to take in; it is only read
 * @returns what became of it; a package that cannot be placed is named, never thrown away
 * @throws AppError only when this machine fails (disk, permissions), not because of the file
 */
export async function importFile(context: ImportContext, path: string): Promise<ImportOutcome> {
  const fileName = basename(path)
  if ((await stat(path)).size > LARGEST_PACKAGE) {
    return outcome(fileName, 'quarantined', '文件过大，不是本系统的数据包，没有导入。')
  }
  const bytes = new Uint8Array(await readFile(path))
  const hash = createHash('sha256').update(bytes).digest('hex')
  for (const store of context.stores.values()) {
    if (isOwnPackage(store.db, hash))
      return outcome(fileName, 'already', '这是本机自己发出的数据包，不用导入。')
    if (receivedState(store.db, hash) === 'applied')
      return outcome(fileName, 'already', '这个数据包以前已经导入，没有重复导入。')
  }
  try {
    const unpacked = await open(context, bytes, path)
    return apply(context, unpacked, { fileName, hash })
  } catch (error) {
    if (!(error instanceof AppError) || !OF_THE_FILE.has(error.code)) throw error
    const state: ReceivedState = error.code === 'PACKAGE_WAITS' ? 'waits' : 'quarantined'
    const note = {
      fileName,
      hash,
      sender: '',
      address: '',
      number: 0,
      state,
      message: error.message,
      applied: 0,
      parked: 0,
    }
    localTx(context.base, () => recordReceived(context.base.db, { ...note, at: context.base.clock.now() }))
    return outcome(fileName, state, error.message)
  }
}

/** Refusals that tell of the file; everything else is this machine's trouble and goes to the person at once. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  'FILE_FOREIGN',
  'FILE_OTHER_CENTRE',
  'PACKAGE_TRUNCATED',
  'PACKAGE_ALTERED',
  'PACKAGE_NOT_FOR_US',
  'PACKAGE_UNKNOWN_SENDER',
  'PACKAGE_WAITS',
  'BAD_INPUT',
])

function outcome(fileName: string, kind: ImportOutcome['outcome'], message: string): ImportOutcome {
  return { fileName, outcome: kind, message, applied: 0, parked: 0, differences: 0 }
}

async function open(context: ImportContext, bytes: Uint8Array, path: string): Promise<UnpackedPackage> {
  const identities = [...context.stores.values()].map((store) => replicaKeysOf(store).identity)
  const archive = await decryptPackage(bytes, identities)
  // The parser is another process of ours; what it answers was parsed by the manifest's schema there.
  const unpacked = (await context.parser.parse({ kind: 'package', path, bytes: archive })) as UnpackedPackage
  const { manifest } = unpacked
  if (manifest.centre !== context.base.centreId) {
    throw new AppError('FILE_OTHER_CENTRE', '这是另一个中心的数据包，没有导入。')
  }
  const sender = senderOf(context.base, manifest)
  if (sender === null) {
    throw new AppError('PACKAGE_UNKNOWN_SENDER', '这个数据包来自本中心不认识的终端，没有导入，已列入待查。')
  }
  if (!verifyDetached(unpacked.jws, unpacked.manifestBytes, sender.signPublic)) {
    throw new AppError(
      'PACKAGE_ALTERED',
      '数据包的签名不对，可能被改动过。没有导入任何内容，请让对方重新导出一份。',
    )
  }
  return unpacked
}

function storeFor(context: ImportContext, manifest: Manifest): Store {
  const store = context.stores.get(manifest.compartment)
  if (store === undefined) {
    throw new AppError(
      'PACKAGE_WAITS',
      '对应的保密专库还没有打开，数据包原样保留，等有权限的同事登录后导入。',
    )
  }
  if (manifest.min_reader > SCHEMA_VERSION) {
    throw new AppError('PACKAGE_WAITS', '对方的程序版本较新，数据包原样保留，本机升级后会自动导入。')
  }
  return store
}

/** Ranges end at a head its author signed: a relay can leave out, but not make up. */
function checkHeads(context: ImportContext, unpacked: UnpackedPackage): void {
  const keys = authorKeys(context.base, unpacked)
  for (const [replica, head] of Object.entries(unpacked.manifest.heads)) {
    const signPublic = keys.get(replica)
    if (
      signPublic === undefined ||
      !verifySignature(signPublic, headBytes(replica, head.seq, head.hash), head.signature)
    ) {
      throw new AppError(
        'PACKAGE_ALTERED',
        '数据包里的记录来源签名不对，没有导入任何内容。请让对方重新导出一份。',
      )
    }
  }
}

const waits = (count: number): AppError =>
  new AppError(
    'PACKAGE_WAITS',
    `前面的数据包还没有到（还差 ${count} 条），先原样保留，等前面的到了会自动导入。`,
  )

/** How many changes must have arrived before these can be placed. */
const missing = (known: Vector, presupposes: Vector): number =>
  Object.entries(presupposes).reduce(
    (sum, [replica, seq]) => sum + Math.max(0, seq - (known[replica] ?? 0)),
    0,
  )

function apply(
  context: ImportContext,
  unpacked: UnpackedPackage,
  file: { fileName: string; hash: string },
): ImportOutcome {
  const { manifest } = unpacked
  const store = storeFor(context, manifest)
  checkHeads(context, unpacked)
  const lacking = missing(knownVector(store.db), manifest.presupposes)
  if (lacking > 0) throw waits(lacking)
  const result = applyChanges(store, unpacked.changes, { received: store.clock.now() })
  if (result.waiting > 0) throw waits(result.waiting)
  localTx(store, () => {
    noteForeignHeads(store.db, manifest.heads, store.clock.now())
    rememberPeer(store.db, manifest.sender.replica, manifest.knows, manifest.made_at)
    for (const [replica, head] of Object.entries(manifest.heads))
      rememberHeadSignature(store.db, replica, head.seq, head.signature)
    recordReceived(store.db, {
      ...file,
      sender: manifest.sender.replica,
      address: manifest.address,
      number: manifest.number,
      state: 'applied',
      message: '',
      applied: result.applied,
      parked: result.parked,
      at: store.clock.now(),
    })
  })
  noteState(store)
  if (result.rolledBack) context.renew(store.compartment)
  return {
    fileName: file.fileName,
    outcome: 'applied',
    message: result.applied === 0 ? '没有新的内容。' : `已导入 ${result.applied} 条变更。`,
    applied: result.applied,
    parked: result.parked,
    differences: result.differences,
  }
}
