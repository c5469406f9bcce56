/** The answer to a joining request: made by the admitting terminal, opened and checked by the new one. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { AppError } from '../../domain/errors'
import { checkWordsProblem, sameCheckWords } from '../../domain/rules/checkWords'
import { pinned } from '../accounts/grants'
import { fromText, sha256, statement, toText } from '../keys/encoding'
import { labelled, verifySignature } from '../keys/pairs'
import { replicaKeysOf, terminalKeysOf } from '../keys/replica'
import { openSealed, sealTo } from '../keys/seal'
import { signWith } from '../keys/pairs'
import { headBytes } from '../packages'
import type { Change } from '../replication/change'
import { changesSince, chainHeads, knownVector } from '../replication/vector'
import { insertRow } from '../rows'
import { sql } from '../sql'
import type { Actor, Store } from '../store'
import { writeTx } from '../transaction'
import { insertIntro } from './intro'
import { readJoinRequest, unlockWaiting, wordsFor, type JoinRequest, type WaitingKeys } from './request'
import { townOf, type SeedTown } from './seed'

const FORMAT = 'maotiao-join-answer'
const ALGORITHM = 'x25519-hkdf-sha256-aes-256-gcm+ed25519+gzip'
/** More than any centre's log; a file that unpacks to more is an attack or an accident. */
const MOST_UNPACKED = 2 ** 31 - 1

interface SignedHead {
  readonly replica: string
  readonly seq: number
  readonly hash: string
  readonly signature: string
}
export interface JoinAnswer {
  readonly centreId: string
  readonly centreName: string
  readonly town: SeedTown
  readonly terminalNumber: string
  /** SHA-256 of the request, base64url: an answer to another request is refused. */
  readonly requestHash: string
  readonly recovery: { readonly boxPublic: string; readonly signPublic: string }
  readonly admitting: { readonly terminalId: string; readonly signPublic: string; readonly replica: string }
  readonly heads: readonly SignedHead[]
  readonly knows: Readonly<Record<string, number>>
  /** All of base: organisation, staff, wrapped accounts, settings, identities, and the work done so far. */
  readonly changes: readonly Change[]
}

/** What both screens show: it names the centre, its recovery key, who admits, and which request is answered. */
function centreWordsOf(
  answer: Pick<JoinAnswer, 'centreId' | 'recovery' | 'admitting' | 'requestHash'>,
): string {
  const { centreId, recovery, admitting, requestHash } = answer
  return wordsFor(
    statement(
      'maotiao-centre-v1',
      centreId,
      recovery.boxPublic,
      recovery.signPublic,
      admitting.signPublic,
      requestHash,
    ),
  )
}

export interface Answered {
  readonly bytes: Uint8Array
  readonly terminalNumber: string
  readonly terminalName: string
  /** To be compared on the new terminal's screen. */
  readonly centreWords: string
}

function assertAdmits(base: Store, terminalId: string): { name: string } {
  const centre = base.db.get<{ name: string; admitting: string }>(
    sql`SELECT name, admitting_terminal_id AS admitting FROM centre WHERE id = ${base.centreId}`,
  )
  if (centre?.admitting === terminalId && base.terminalNumber !== '') return centre
  throw new AppError(
    'FORBIDDEN',
    '本机不是准入终端，不能同意新终端加入，没有做任何改动。请到准入终端（一般是最先建立中心的那台）办理。',
  )
}

function nextNumber(base: Store): string {
  const row = base.db.get<{ highest: number | null }>(
    sql`SELECT max(CAST(number AS INTEGER)) AS highest FROM terminal`,
  )
  const next = (row?.highest ?? 0) + 1
  if (next > 99)
    throw new AppError('BAD_INPUT', '终端号已用到 99，不能再加入新终端。请停用不用的终端后联系技术人员。')
  return String(next).padStart(2, '0')
}

/** The terminal as it was admitted before, when the same request is answered again. */
function admittedBefore(base: Store, request: JoinRequest): string | undefined {
  const row = base.db.get<{ number: string; sign_public: string; box_public: string }>(
    sql`SELECT number, sign_public, box_public FROM terminal WHERE id = ${request.terminalId}`,
  )
  if (row === undefined) return undefined
  if (row.sign_public === request.signPublic && row.box_public === request.boxPublic) return row.number
  throw new AppError(
    'PACKAGE_ALTERED',
    '这份申请与已加入的终端相冲突，没有做任何改动。请在新终端上重新生成申请。',
  )
}

/**
 * Admits a terminal: only after the words typed from its screen match the file. Answering the same request again gives
 * the same number.
 * @param base of the admitting terminal
 * @param actor administrator or director; signs the new terminal's keys
 * @throws AppError CHECK_WORDS_WRONG (nothing is written), FILE_FOREIGN, PACKAGE_ALTERED, FORBIDDEN
 */
export function answerJoin(
  base: Store,
  actor: Actor,
  requestBytes: Uint8Array,
  typedWords: string,
): Answered {
  const request = readJoinRequest(requestBytes)
  const terminal = terminalKeysOf(base)
  const centre = assertAdmits(base, terminal.terminalId)
  assertWords(typedWords, wordsFor(requestBytes))
  const terminalNumber = admittedBefore(base, request) ?? admit(base, actor, request)
  const replica = replicaKeysOf(base)
  const signHead = (head: { replica: string; seq: number; hash: string }): string =>
    labelled(signWith(fromText(replica.signPrivate), headBytes(head.replica, head.seq, head.hash)))
  const town = townOf(base)
  if (town === undefined) throw new Error('a founded centre knows its town')
  const answer: JoinAnswer = {
    centreId: base.centreId,
    centreName: centre.name,
    town,
    terminalNumber,
    requestHash: toText(sha256(requestBytes)),
    recovery: {
      boxPublic: pinned(base, 'recovery_box_public'),
      signPublic: pinned(base, 'recovery_sign_public'),
    },
    admitting: { terminalId: terminal.terminalId, signPublic: terminal.signPublic, replica: base.replica },
    heads: chainHeads(base.db).flatMap(({ replica: name, seq, hash, signature }) => {
      const signed = name === base.replica ? signHead({ replica: name, seq, hash }) : signature
      return signed === null ? [] : [{ replica: name, seq, hash, signature: signed }]
    }),
    knows: knownVector(base.db),
    changes: [...changesSince(base.db, {})],
  }
  const bytes = packAnswer(answer, request.boxPublic, terminal.sign)
  return { bytes, terminalNumber, terminalName: request.terminalName, centreWords: centreWordsOf(answer) }
}

function assertWords(typed: string, words: string): void {
  if (sameCheckWords(typed, words)) return
  const problem = checkWordsProblem(typed)
  const what = problem === '' ? '核对码与申请文件不符，文件可能拿错了或被换过。' : problem
  throw new AppError('CHECK_WORDS_WRONG', `${what}没有同意加入，也没有做任何改动。`, { field: 'checkWords' })
}

function admit(base: Store, actor: Actor, request: JoinRequest): string {
  return writeTx(base, actor, (tx) => {
    const number = nextNumber(base)
    insertRow(
      tx,
      'terminal',
      {
        number,
        name: request.terminalName,
        sign_public: request.signPublic,
        box_public: request.boxPublic,
        active: true,
      },
      request.terminalId,
    )
    for (const intro of request.intros) insertIntro(tx, intro)
    return number
  })
}

function packAnswer(answer: JoinAnswer, boxPublic: string, sign: (bytes: Uint8Array) => string): Uint8Array {
  const body = JSON.stringify(answer)
  const signature = labelled(sign(statement('maotiao-answer-v1', toText(sha256(body)))))
  const content = gzipSync(JSON.stringify({ body, signature }))
  const file = { format: FORMAT, version: 1, algorithm: ALGORITHM, sealed: sealTo(boxPublic, content) }
  return new Uint8Array(Buffer.from(`${JSON.stringify(file)}\n`, 'utf8'))
}

/**
 * Opens the answer with the waiting keys.
 * @throws AppError FILE_FOREIGN, PACKAGE_NOT_FOR_US, PACKAGE_ALTERED, WRONG_PASSWORD, NOT_SET_UP
 */
export function openAnswer(
  dataDir: string,
  bytes: Uint8Array,
  password: string,
): { readonly answer: JoinAnswer; readonly waiting: WaitingKeys; readonly centreWords: string } {
  const sealed = sealedPart(bytes)
  const waiting = unlockWaiting(dataDir, password)
  let content: Uint8Array
  try {
    content = openSealed(waiting.terminal.boxPrivate, sealed)
  } catch (cause) {
    throw new AppError(
      'PACKAGE_NOT_FOR_US',
      '这份答复不是给本机这次申请的，或文件已损坏。没有做任何改动，请核对文件，或重新申请。',
      { cause },
    )
  }
  try {
    const answer = verifiedAnswer(content, waiting)
    return { answer, waiting, centreWords: centreWordsOf(answer) }
  } catch (cause) {
    // Whoever carried the request can seal anything to it: a shape that is not ours is treated like a bad signature.
    throw new AppError(
      'PACKAGE_ALTERED',
      '这份答复与本机的申请不符，没有做任何改动。请到准入终端重新生成答复。',
      { cause },
    )
  }
}

function verifiedAnswer(content: Uint8Array, waiting: WaitingKeys): JoinAnswer {
  const unpacked = gunzipSync(content, { maxOutputLength: MOST_UNPACKED }).toString('utf8')
  const { body, signature } = JSON.parse(unpacked) as { body: string; signature: string }
  const answer = JSON.parse(body) as JoinAnswer
  const bytes = statement('maotiao-answer-v1', toText(sha256(body)))
  if (answer.requestHash !== toText(sha256(waiting.request))) throw new Error('answers another request')
  if (!verifySignature(answer.admitting.signPublic, bytes, signature)) throw new Error('bad signature')
  return answer
}

function sealedPart(bytes: Uint8Array): string {
  try {
    const file = JSON.parse(Buffer.from(bytes).toString('utf8')) as { format?: unknown; sealed?: unknown }
    if (file.format === FORMAT && typeof file.sealed === 'string') return file.sealed
  } catch {
    // Not JSON: somebody else's file.
  }
  throw new AppError('FILE_FOREIGN', '这不是加入答复文件，没有做任何改动。请核对是否拿错了文件。')
}
