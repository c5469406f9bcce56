/** The core without Electron: what the utility process, the command line and the tests run. */
import { existsSync } from 'node:fs'
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import { isAllowed, POST_COMPARTMENT, type Post } from '../../domain/posts'
import { IDLE_LOCK_MINUTES } from '../../domain/rules/idle'
import { classifyError } from '../../db/errors'
import { applyCounter } from '../../db/replication/basis'
import { logicalDump } from '../../db/replication/dump'
import type { CoreApp, CoreAppOptions } from './app-types'
import { buildDemo } from './demo/build'
import { carry, readFolderSetting, type Carried } from './exchange/folder'
import { absorb } from './process/absorb'
import { runRound } from './process/exchange'
import { processHandlers } from './process/handlers'
import { infoOf, leave, lockSession } from './process/session'
import { routeCall, type RouterHost } from './router'
import type { Session } from './session'
import { CoreState } from './state'

/** The command line may do more than a window. */
export interface Core extends CoreApp {
  /** Moves sealed files between the trays and the exchange folder; needs nobody signed in. */
  carry(): Carried
  mayDump(post: Post, compartment: Compartment): boolean
  /** @throws AppError FORBIDDEN, COMPARTMENT_CLOSED */
  dump(client: string, compartment: Compartment): Iterable<string>
}

/** Matters of the demonstration town; the seed is fixed, so that every demonstration shows the same. */
const DEMO = { matters: 300, seed: '1' } as const
const TICK_MS = 15_000

export async function createCoreApp(options: CoreAppOptions): Promise<Core> {
  const state = new CoreState(options)
  if (options.demo && !existsSync(`${options.dataDir}/keys.json`))
    await buildDemo({ dataDir: options.dataDir, ...DEMO })
  const host = hostOf(state)
  const stop = everyTick(state)
  return {
    call: (client, route, input) => routeCall(host, client, route, input),
    grantPath: (client, path) => state.tokens.grant(client, path),
    onEvent: (listener) => state.onEvent(listener),
    clientGone: (client) => {
      const session = state.sessions.get(client)
      state.sessions.delete(client)
      state.tokens.forget(client)
      if (session) quietly(state, leave(state, session))
    },
    suspend: () => quietly(state, lockAll(state)),
    systemIdle: (seconds) => {
      if (seconds >= IDLE_LOCK_MINUTES * 60) quietly(state, lockAll(state))
    },
    close: async () => {
      stop()
      try {
        await lockAll(state)
      } finally {
        state.close()
      }
    },
    carry: () => {
      state.own()
      return carry(state.dataDir)
    },
    mayDump,
    dump: (client, compartment) => {
      const session = state.sessions.get(client)
      if (session === undefined) throw new AppError('NOT_SIGNED_IN', '请先登录。')
      if (!mayDump(session.post, compartment))
        throw new AppError('FORBIDDEN', '当前账号的岗位不能导出这个库。')
      return logicalDump(state.storeOf(session, compartment).db, compartment)
    },
  }
}

/** Base by who may verify; a confidential compartment only by whose post opens it. */
const mayDump = (post: Post, compartment: Compartment): boolean =>
  compartment === 'base' ? isAllowed('verify.run', post) : POST_COMPARTMENT[post] === compartment

/** Nobody waits for it; a failure (a full disk) is named in the log and in nothing else. */
function quietly(state: CoreState, work: Promise<void>): void {
  work.catch((error: unknown) => state.options.log(`lock ${classifyError(error).code}`))
}

async function lockAll(state: CoreState): Promise<void> {
  for (const session of state.sessions.values()) await lockSession(state, session)
}

function hostOf(state: CoreState): RouterHost {
  return {
    sessionOf: (client) => state.sessions.get(client) ?? null,
    storeOf: (session, compartment) => state.storeOf(session, compartment),
    storesOf: (session) => state.storesOf(session),
    infoOf: (session) => infoOf(state, session),
    afterWrite: (store, tables) => {
      if (tables.some((table) => ACCOUNT_TABLES.has(table))) state.syncKeys()
      if (CONFIDENTIAL_COMPARTMENTS.some((name) => name === store.compartment)) {
        for (const session of state.sessions.values()) absorb(state, session)
      }
      state.emit('all', { kind: 'changed', tables, counter: applyCounter(store.db) })
    },
    process: processHandlers(state),
    log: (line) => state.options.log(line),
  }
}

const ACCOUNT_TABLES: ReadonlySet<string> = new Set([
  'staff',
  'staff_secret',
  'staff_post',
  'compartment_grant',
])

/** One session for each confidential compartment that is open, else any: what nobody has open waits. */
function roundSessions(state: CoreState): Session[] {
  const present = [...state.sessions.values()].filter((one) => !one.locked)
  const holders = new Map(present.filter((one) => one.opened !== null).map((one) => [one.opened, one]))
  return holders.size > 0 ? [...holders.values()] : present.slice(0, 1)
}

/** The schedule of the exchange folder: while somebody is signed in, every few minutes, never stealing the focus. */
function everyTick(state: CoreState): () => void {
  let last = state.options.clock.now()
  let running = false
  const tick = async (): Promise<void> => {
    const setting = readFolderSetting(state.dataDir)
    const sessions = roundSessions(state)
    const due = setting !== null && state.options.clock.now() - last >= setting.everyMinutes * 60_000
    if (running || !due || sessions.length === 0) return
    running = true
    last = state.options.clock.now()
    try {
      for (const session of sessions) await state.inTurn(() => runRound(state, session))
      state.exchangeProblem = ''
    } catch (error) {
      state.exchangeProblem =
        error instanceof AppError ? error.message : '这一轮收发没有完成，稍后会自动再试。'
    } finally {
      running = false
      state.emit('all', { kind: 'exchange' })
    }
  }
  const timer = setInterval(() => void tick(), TICK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
