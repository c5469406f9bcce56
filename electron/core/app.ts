/** The core without Electron: what the utility process, the command line and the tests run. */
import { existsSync } from 'node:fs'
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import { isAllowed, POST_COMPARTMENT, type Post } from '../../domain/posts'
import { IDLE_LOCK_MINUTES } from '../../domain/rules/idle'
import { applyCounter } from '../../db/replication/basis'
import { logicalDump } from '../../db/replication/dump'
import type { CoreApp, CoreAppOptions } from './app-types'
import { buildDemo } from './demo/build'
import { carry, readFolderSetting, type Carried } from './exchange/folder'
import { absorb } from './process/absorb'
import { runRound } from './process/exchange'
import { processHandlers } from './process/handlers'
import { infoOf, lockSession } from './process/session'
import { routeCall, type RouterHost } from './router'
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
      if (session) state.closeConfidential(session)
      state.tokens.forget(client)
    },
    suspend: () => void lockAll(state),
    systemIdle: (seconds) => {
      if (seconds >= IDLE_LOCK_MINUTES * 60) void lockAll(state)
    },
    close: async () => {
      stop()
      await lockAll(state)
      state.close()
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

/** The schedule of the exchange folder: while somebody is signed in, every few minutes, never stealing the focus. */
function everyTick(state: CoreState): () => void {
  let last = state.options.clock.now()
  let running = false
  const tick = async (): Promise<void> => {
    const setting = readFolderSetting(state.dataDir)
    const session = [...state.sessions.values()].find((one) => !one.locked)
    const due = setting !== null && state.options.clock.now() - last >= setting.everyMinutes * 60_000
    if (running || !due || session === undefined) return
    running = true
    last = state.options.clock.now()
    try {
      await runRound(state, session)
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
