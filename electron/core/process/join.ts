/** Joining a terminal: request, answer, inspection, finish. Files come and go by paths a person chose. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { writeDurable } from '../../../db/durable'
import { answerJoin } from '../../../db/joining/answer'
import { finishJoin, inspectAnswer } from '../../../db/joining/finish'
import { makeJoinRequest, readJoinRequest } from '../../../db/joining/request'
import { noteState } from '../../../db/folder'
import { rememberPeer } from '../../../db/packages'
import { knownVector } from '../../../db/replication/vector'
import type { Store } from '../../../db/store'
import { localTx } from '../../../db/transaction'
import type { CoreState } from '../state'
import { note } from './note'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

/** The answer holds all of base: the next package to the centre need not repeat it for the new terminal's sake. */
function rememberAnswered(base: Store, request: Uint8Array): void {
  const replica = readJoinRequest(request).intros.find((one) => one.compartment === 'base')?.replica
  if (replica === undefined) return
  localTx(base, () => rememberPeer(base.db, replica, knownVector(base.db), base.clock.now()))
}

type Routes = 'join.request' | 'join.answer' | 'join.inspect' | 'join.finish'

export function joinHandlers(state: CoreState): Pick<ProcessHandlers, Routes> {
  const { clock, random } = state.options
  const read = (client: string, token: string): Uint8Array =>
    new Uint8Array(readFileSync(state.tokens.pathOf(client, token)))
  return {
    'join.request': (input, { client }) => {
      state.own()
      const out = state.tokens.pathOf(client, input.out)
      const { terminalName, password } = input
      const { bytes, checkWords } = makeJoinRequest({
        dataDir: state.dataDir,
        terminalName,
        password,
        random,
      })
      writeDurable(out, bytes)
      return { checkWords, fileName: basename(out) }
    },
    'join.answer': (input, caller) => {
      const session = sessionOf(caller)
      const out = state.tokens.pathOf(caller.client, input.out)
      const request = read(caller.client, input.request)
      const made = answerJoin(state.base, session.actor(), request, input.checkWords)
      writeDurable(out, made.bytes)
      rememberAnswered(state.base, request)
      noteState(state.base)
      note(state, 'join.answer', session, made.terminalNumber)
      state.emit('all', { kind: 'exchange' })
      const { terminalNumber, terminalName, centreWords } = made
      return { terminalNumber, terminalName, centreWords }
    },
    'join.inspect': (input, { client }) =>
      inspectAnswer(state.dataDir, read(client, input.answer), input.password),
    'join.finish': (input, { client }) => {
      state.own()
      const { password, account, accountPassword } = input
      const answer = read(client, input.answer)
      return finishJoin({ dataDir: state.dataDir, answer, password, account, accountPassword, clock, random })
    },
  }
}
