/** Finishing a joining: every file is made with a new key, and base takes in the centre's changes as any import does. */
import { randomBytes } from 'node:crypto'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import type { Clock, Random } from '../../domain/clock'
import { AppError } from '../../domain/errors'
import { unlockAccount } from '../keys/account'
import { writeKeysFile } from '../keys/file'
import { wrongPassword } from '../keys/password'
import { keepTerminalKeys } from '../keys/replica'
import { closeStore, createStore, type HeldStore } from '../open'
import { rememberPeer } from '../packages'
import { applyChanges } from '../replication/apply'
import { sql } from '../sql'
import type { Store } from '../store'
import { localTx } from '../transaction'
import { startAttempts } from '../accounts/attempts'
import { openAnswer, type JoinAnswer } from './answer'
import { discardMade, firstKeys, prepareEmptyFolder } from './folderKeys'
import { forgetWaiting, readJoinRequest, type JoinRequest, type WaitingKeys } from './request'
import { rememberTown, seedShipped } from './seed'

export interface AnswerSeen {
  readonly centreName: string
  readonly terminalNumber: string
  /** To be compared with the admitting terminal's screen before finishing. */
  readonly centreWords: string
}

/** Step one: opens the answer and changes nothing. @throws AppError as `openAnswer` */
export function inspectAnswer(dataDir: string, bytes: Uint8Array, password: string): AnswerSeen {
  const { answer, centreWords } = openAnswer(dataDir, bytes, password)
  return { centreName: answer.centreName, terminalNumber: answer.terminalNumber, centreWords }
}

export interface FinishJoin {
  readonly dataDir: string
  readonly answer: Uint8Array
  /** Of the waiting keys. */
  readonly password: string
  /** An account of the centre, to show that somebody who may is finishing. */
  readonly account: string
  readonly accountPassword: string
  readonly clock: Clock
  readonly random: Random
}

/**
 * Step two, after a person compared the words. Until `keys.json` is written the folder counts as joining.
 * @throws AppError WRONG_PASSWORD (waiting keys or account), DISK_FULL and the like; nothing is kept then
 */
export function finishJoin(input: FinishJoin): AnswerSeen {
  const { dataDir, clock } = input
  const { answer, waiting, centreWords } = openAnswer(dataDir, input.answer, input.password)
  prepareEmptyFolder(dataDir, clock)
  const request = readJoinRequest(waiting.request)
  const held = makeFiles(input, answer, waiting, request)
  try {
    takeInCentre(held.base.store, answer, waiting, clock)
    const names = {
      centreId: answer.centreId,
      centreName: answer.centreName,
      terminalName: request.terminalName,
      terminalNumber: answer.terminalNumber,
    }
    const keys = firstKeys(names, held)
    const typed = input.account.trim().toLowerCase()
    const account = keys.accounts.find((one) => one.account.toLowerCase() === typed)
    if (account === undefined) throw wrongPassword()
    unlockAccount(account, input.accountPassword)
    startAttempts(dataDir, keys)
    writeKeysFile(dataDir, keys)
    forgetWaiting(dataDir)
    for (const name of COMPARTMENTS) closeStore(held[name].store)
    return { centreName: answer.centreName, terminalNumber: answer.terminalNumber, centreWords }
  } catch (error) {
    discardMade(dataDir, Object.values(held))
    throw error
  }
}

function makeFiles(
  input: FinishJoin,
  answer: JoinAnswer,
  waiting: WaitingKeys,
  request: JoinRequest,
): Readonly<Record<Compartment, HeldStore>> {
  const { dataDir, clock, random } = input
  const make = (compartment: Compartment): HeldStore => {
    const intro = request.intros.find((one) => one.compartment === compartment)
    if (intro === undefined) throw new Error('a request names every compartment')
    const key = new Uint8Array(randomBytes(32))
    const store = createStore({
      dataDir,
      compartment,
      key,
      centreId: answer.centreId,
      terminalId: request.terminalId,
      terminalNumber: answer.terminalNumber,
      recovery: answer.recovery,
      replica: intro.replica,
      replicaKeys: waiting.replicas[compartment],
      clock,
      random,
    })
    return { store, key }
  }
  return { base: make('base'), psych: make('psych'), roster: make('roster'), children: make('children') }
}

function takeInCentre(base: Store, answer: JoinAnswer, waiting: WaitingKeys, clock: Clock): void {
  rememberTown(base, answer.town)
  seedShipped(base, answer.town)
  keepTerminalKeys(base, waiting.terminal)
  const result = applyChanges(base, answer.changes, { received: clock.now() })
  if (result.waiting > 0)
    throw new AppError('PACKAGE_ALTERED', '答复文件的内容不完整，没有加入。请到准入终端重新生成答复。')
  localTx(base, () => {
    for (const head of answer.heads) {
      base.db.run(sql`UPDATE known_replica SET signature = ${head.signature}
        WHERE replica = ${head.replica} AND seq = ${head.seq} AND hash = ${head.hash}`)
    }
    rememberPeer(base.db, answer.admitting.replica, answer.knows, clock.now())
  })
}
