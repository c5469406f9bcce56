/**
 * The joining request: a new terminal's public keys and its replicas, and the words under which both desks compare it.
 * The private halves wait in the new folder, under a password, until the answer comes.
 */
import { randomBytes, scryptSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import type { Random } from '../../domain/clock'
import { AppError } from '../../domain/errors'
import { checkWordsOf } from '../../domain/rules/checkWords'
import { writeDurable } from '../durable'
import { randomId } from '../ids'
import { fromText, sha256, statement, toText } from '../keys/encoding'
import { hasKeysFile } from '../keys/file'
import {
  labelled,
  newPairs,
  pairsFrom,
  secretOf,
  signWith,
  verifySignature,
  type KeyPairs,
} from '../keys/pairs'
import { calibratedCost, unwrapWith, wrapUnder, type ScryptCost, type Wrapped } from '../keys/password'
import { newReplicaKeys, type ReplicaKeys } from '../keys/replica'
import { signIntro, verifyIntro, type Intro } from './intro'

const FORMAT = 'maotiao-join-request'
const ALGORITHM = 'x25519+ed25519'
const MOST_BYTES = 64 * 1024

/** What the file says. */
export interface JoinRequest {
  readonly terminalId: string
  readonly terminalName: string
  readonly signPublic: string
  readonly boxPublic: string
  readonly intros: readonly Intro[]
}

/** What waits for the answer. */
export interface WaitingKeys {
  readonly request: Uint8Array
  readonly terminal: KeyPairs
  readonly replicas: Readonly<Record<Compartment, ReplicaKeys>>
}

/** Stretched, so that nobody can try key pairs until one has the same six words. */
export function wordsFor(bytes: Uint8Array): string {
  return checkWordsOf(
    scryptSync(sha256(bytes), 'maotiao-check-words-v1', 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }),
  )
}

const signedBytes = (request: JoinRequest): Uint8Array =>
  statement('maotiao-join-v1', JSON.stringify(request))
const waitingPath = (dataDir: string): string => join(dataDir, 'joining.json')

interface WaitingFile {
  readonly terminalName: string
  readonly request: string
  readonly wrapped: Wrapped
}

export interface JoinRequestInput {
  readonly dataDir: string
  readonly terminalName: string
  /** Protects the waiting keys until the answer is finished. */
  readonly password: string
  readonly random: Random
  readonly cost?: ScryptCost
}

/**
 * Makes the request of an empty folder; an earlier one that was not finished is replaced.
 * @returns the file to carry to the admitting terminal and the words to read out there
 * @throws AppError ALREADY_SET_UP
 */
export function makeJoinRequest(input: JoinRequestInput): {
  readonly bytes: Uint8Array
  readonly checkWords: string
} {
  const { dataDir, random } = input
  if (hasKeysFile(dataDir))
    throw new AppError('ALREADY_SET_UP', '这个数据文件夹里已经有一个中心，没有做任何改动。请换一个空文件夹。')
  mkdirSync(dataDir, { recursive: true })
  const terminal = newPairs()
  const terminalId = randomId(random)
  const made = COMPARTMENTS.map((compartment) => ({ compartment, keys: newReplicaKeys() }))
  const intros = made.map(({ compartment, keys }) =>
    signIntro(
      {
        compartment,
        replica: randomId(random),
        terminal_id: terminalId,
        predecessor: '',
        predecessor_seq: 0,
        recipient: keys.recipient,
        sign_public: keys.signPublic,
      },
      (bytes) => signWith(terminal.signPrivate, bytes),
    ),
  )
  const { signPublic, boxPublic } = terminal
  const request: JoinRequest = { terminalId, terminalName: input.terminalName, signPublic, boxPublic, intros }
  const signature = labelled(signWith(terminal.signPrivate, signedBytes(request)))
  const file = {
    format: FORMAT,
    version: 1,
    algorithm: ALGORITHM,
    nonce: toText(randomBytes(16)),
    request,
    signature,
  }
  const bytes = new Uint8Array(Buffer.from(`${JSON.stringify(file, null, 1)}\n`, 'utf8'))
  const secret = {
    terminal: toText(secretOf(terminal)),
    replicas: Object.fromEntries(made.map(({ compartment, keys }) => [compartment, keys])),
  }
  const wrapped = wrapUnder(
    input.password,
    Buffer.from(JSON.stringify(secret), 'utf8'),
    input.cost ?? calibratedCost(),
  )
  const waiting: WaitingFile = { terminalName: input.terminalName, request: toText(bytes), wrapped }
  writeDurable(waitingPath(dataDir), Buffer.from(JSON.stringify(waiting), 'utf8'))
  return { bytes, checkWords: wordsFor(bytes) }
}

/**
 * @param bytes a file that claims to be a request
 * @throws AppError FILE_FOREIGN, PACKAGE_ALTERED
 */
export function readJoinRequest(bytes: Uint8Array): JoinRequest {
  const foreign = new AppError('FILE_FOREIGN', '这不是加入申请文件，没有做任何改动。请核对是否拿错了文件。')
  if (bytes.length > MOST_BYTES) throw foreign
  let file: { format?: unknown; version?: unknown; request?: unknown; signature?: unknown }
  try {
    file = JSON.parse(Buffer.from(bytes).toString('utf8')) as typeof file
  } catch {
    throw foreign
  }
  const { request, signature } = file
  if (file.format !== FORMAT || file.version !== 1 || !isRequest(request)) throw foreign
  const genuine =
    typeof signature === 'string' &&
    verifySignature(request.signPublic, signedBytes(request), signature) &&
    request.intros.every(
      (intro) => intro.terminal_id === request.terminalId && verifyIntro(intro, request.signPublic),
    )
  if (!genuine)
    throw new AppError(
      'PACKAGE_ALTERED',
      '加入申请文件已损坏或被改动过，没有做任何改动。请在新终端上重新生成。',
    )
  return request
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most

function isRequest(value: unknown): value is JoinRequest {
  if (value === null || typeof value !== 'object') return false
  const { terminalId, terminalName, signPublic, boxPublic, intros } = value as Partial<
    Record<keyof JoinRequest, unknown>
  >
  return (
    isText(terminalId, 64) &&
    isText(terminalName, 40) &&
    isText(signPublic, 100) &&
    isText(boxPublic, 100) &&
    Array.isArray(intros) &&
    COMPARTMENTS.every((name) => intros.filter((intro: unknown) => isIntro(intro, name)).length === 1) &&
    intros.length === COMPARTMENTS.length
  )
}

function isIntro(value: unknown, compartment: Compartment): boolean {
  if (value === null || typeof value !== 'object') return false
  const intro = value as Partial<Record<keyof Intro, unknown>>
  return (
    intro.compartment === compartment &&
    isText(intro.replica, 64) &&
    isText(intro.recipient, 100) &&
    isText(intro.sign_public, 100) &&
    isText(intro.signature, 200) &&
    intro.predecessor === '' &&
    intro.predecessor_seq === 0
  )
}

function readWaiting(dataDir: string): WaitingFile | null {
  const path = waitingPath(dataDir)
  if (!existsSync(path)) return null
  return JSON.parse(readFileSync(path, 'utf8')) as WaitingFile
}

/** @returns what the set-up page shows while the answer is awaited, or null when nothing waits. */
export function joiningStatus(
  dataDir: string,
): { readonly terminalName: string; readonly checkWords: string } | null {
  const waiting = readWaiting(dataDir)
  if (waiting === null) return null
  return { terminalName: waiting.terminalName, checkWords: wordsFor(fromText(waiting.request)) }
}

/** @throws AppError NOT_SET_UP when no request waits here, WRONG_PASSWORD */
export function unlockWaiting(dataDir: string, password: string): WaitingKeys {
  const waiting = readWaiting(dataDir)
  if (waiting === null)
    throw new AppError('NOT_SET_UP', '这个数据文件夹没有生成过加入申请。请先生成申请，再导入答复。')
  let text: string
  try {
    text = Buffer.from(unwrapWith(password, waiting.wrapped)).toString('utf8')
  } catch (cause) {
    throw new AppError('WRONG_PASSWORD', '这不是生成加入申请时设的密码，没有做任何改动。请再试一次。', {
      cause,
    })
  }
  const secret = JSON.parse(text) as { terminal: string; replicas: WaitingKeys['replicas'] }
  return {
    request: fromText(waiting.request),
    terminal: pairsFrom(fromText(secret.terminal)),
    replicas: secret.replicas,
  }
}

/** The keys are in the databases now. */
export function forgetWaiting(dataDir: string): void {
  rmSync(waitingPath(dataDir), { force: true })
}
