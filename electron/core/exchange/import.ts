/** Taking a package in: opened, checked, applied or kept waiting; never half, never because of data (rule 13). */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../../domain/compartments'
import type { ImportOutcome } from '../../../domain/contract/exchange'
import { manifestSchema, type Manifest, type Vector } from '../../../domain/contract/package'
import { AppError } from '../../../domain/errors'
import { noteState } from '../../../db/folder'
import { trustedReplicas } from '../../../db/joining/intro'
import { replicaKeysOf, terminalKeysOf } from '../../../db/keys/replica'
import {
  forgetReceived,
  isOwnPackage,
  receivedState,
  recordReceived,
  rememberHeadSignature,
  rememberPeer,
  triedOn,
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
import { assertRangesSigned } from './ranges'
import { SCHEMA_VERSION } from './version'

const LARGEST_PACKAGE = 256 * 1024 * 1024

/** Read anew each time: a file that is renewed is another store afterwards. */
export interface ImportContext {
  readonly base: Store
  /** Compartments open in this session, base among them. */
  readonly stores: ReadonlyMap<Compartment, Store>
  readonly parser: ParserClient
  /** This file lost changes of its own that came back: it must become a new replica before anything is written. */
  readonly renew: (compartment: Compartment) => Store
}
interface ReceivedFile {
  readonly fileName: string
  /** SHA-256, hex. */
  readonly hash: string
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
    const done = apply(context, unpacked, { fileName, hash })
    if (unpacked.manifest.compartment !== 'base') forgetReceived(context.base.db, hash)
    return done
  } catch (error) {
    if (!(error instanceof AppError) || !OF_THE_FILE.has(error.code)) throw error
    return noteRefused(context, { fileName, hash }, error)
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

/** Confidential compartments of this terminal that others send to and that this session has not open. */
function closedHere(context: ImportContext): readonly Compartment[] {
  const { terminalId } = terminalKeysOf(context.base)
  return CONFIDENTIAL_COMPARTMENTS.filter(
    (name) =>
      !context.stores.has(name) &&
      trustedReplicas(context.base, name).some((one) => one.terminal_id === terminalId && one.endorsed),
  )
}

/**
 * A file that no key at hand opens may be for a compartment that is closed now: it waits until every one that gets
 * packages here has tried it.
 */
function noteRefused(context: ImportContext, file: ReceivedFile, error: AppError): ImportOutcome {
  const { base } = context
  let state: ReceivedState = error.code === 'PACKAGE_WAITS' ? 'waits' : 'quarantined'
  let { message } = error
  let address = ''
  if (error.code === 'PACKAGE_NOT_FOR_US') {
    const tried = [...new Set([...triedOn(base.db, file.hash), ...context.stores.keys()])]
    address = tried.join(',')
    if (closedHere(context).some((name) => !tried.includes(name))) {
      state = 'waits'
      message =
        '这个数据包用现在打开的库解不开，可能是给保密专库的。原样保留，等对应岗位的同事在本机登录后自动导入。'
    }
  }
  const note = { ...file, sender: '', address, number: 0, state, message, applied: 0, parked: 0 }
  localTx(base, () => recordReceived(base.db, { ...note, at: base.clock.now() }))
  return outcome(file.fileName, state, message)
}

async function parse(context: ImportContext, path: string, archive: Uint8Array): Promise<UnpackedPackage> {
  try {
    return (await context.parser.parse({ kind: 'package', path, bytes: archive })) as UnpackedPackage
  } catch (error) {
    // The child gave up: a bomb, or something that kills it. It is the file's doing and must not stop the next one.
    if (!(error instanceof AppError) || error.code !== 'FILE_DAMAGED') throw error
    throw new AppError('PACKAGE_ALTERED', `${error.message}已列入待查，请让对方重新导出一份。`, {
      cause: error,
    })
  }
}

async function open(context: ImportContext, bytes: Uint8Array, path: string): Promise<UnpackedPackage> {
  const identities = [...context.stores.values()].map((store) => replicaKeysOf(store).identity)
  const archive = await decryptPackage(bytes, identities)
  const unpacked = await parse(context, path, archive)
  // Read again from the very bytes that are signed: the parser met the file first and is believed in nothing.
  const manifest = manifestSchema.parse(JSON.parse(Buffer.from(unpacked.manifestBytes).toString('utf8')))
  if (manifest.centre !== context.base.centreId) {
    throw new AppError('FILE_OTHER_CENTRE', '这是另一个中心的数据包，没有导入，已列入待查。')
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
  return { ...unpacked, manifest }
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

/** A peer holds more of this file's own chain, signed with its own key, than it has itself: it was rolled back. */
const lostItsOwn = (store: Store, manifest: Manifest): boolean =>
  (manifest.heads[store.replica]?.seq ?? 0) > (knownVector(store.db)[store.replica] ?? 0)

function apply(context: ImportContext, unpacked: UnpackedPackage, file: ReceivedFile): ImportOutcome {
  const { manifest } = unpacked
  let store = storeFor(context, manifest)
  assertRangesSigned(manifest, unpacked.changes, authorKeys(context.base, unpacked))
  if (lostItsOwn(store, manifest)) store = context.renew(store.compartment)
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
    message: messageOf(result),
    applied: result.applied,
    parked: result.parked,
    differences: result.differences,
  }
}

function messageOf(result: { applied: number; parked: number; forked: readonly string[] }): string {
  const said = result.applied === 0 ? '没有新的内容。' : `已导入 ${result.applied} 条变更。`
  const parked = result.parked === 0 ? '' : `其中 ${result.parked} 条不合规定，另行存放，请管理员查看。`
  const forked =
    result.forked.length === 0 ? '' : '发现有数据文件夹被复制后两边使用，两边的记录都保留着，请联系管理员。'
  return said + parked + forked
}
