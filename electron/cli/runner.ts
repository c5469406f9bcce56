/** One run of the command line: opens the core in plain Node, signs in, calls routes, closes. */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROUTES, type Output, type RawInput, type RouteName } from '../../domain/contract'
import type { RouteSpec } from '../../domain/contract/define'
import type { SessionInfo } from '../../domain/contract/setup'
import { AppError } from '../../domain/errors'
import { isAllowed, POST_COMPARTMENT } from '../../domain/posts'
import { createCoreApp, type Core } from '../core/app'
import { createParserClient, createReaderClient } from '../core/child-client'
import { forkedChild } from '../core/child-fork'
import { Refused, type Printer } from './output'
import { askPassword } from './prompt'

export const CLI = 'cli'

export interface GlobalOptions {
  readonly data?: string
  readonly account?: string
}

export interface Runner {
  readonly core: Core
  readonly printer: Printer
  /** Signs in with `--account`; the post is chosen by the first route called. */
  signIn(): Promise<SessionInfo>
  /** Calls a route as the person signed in, in the first of their posts that may. */
  call<R extends RouteName>(route: R, input: RawInput<R>): Promise<Output<R>>
  path(path: string): string
  enterPost(allows: (post: SessionInfo['currentPost']) => boolean): Promise<void>
}

/** Runs `work` with an open core and closes it, whatever happens. */
export async function withCore(
  options: GlobalOptions,
  printer: Printer,
  work: (runner: Runner) => Promise<void>,
): Promise<void> {
  if (options.data === undefined)
    throw new Refused({ code: 'BAD_INPUT', message: '请用 --data 指明数据文件夹。' })
  const out = new URL('..', import.meta.url)
  const entry = (file: string): string => fileURLToPath(new URL(file, out))
  const parser = createParserClient(forkedChild('parser', entry('parser/index.js')))
  const reader = createReaderClient(forkedChild('reader', entry('core/reader.js')))
  const core = await createCoreApp({
    dataDir: resolve(options.data),
    demo: false,
    appVersion: '0.1.0',
    clock: { now: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: (line) => printer.note(line),
    parser,
    reader,
  })
  try {
    await work(runnerOf(core, options, printer))
  } finally {
    reader.close()
    await core.close()
    parser.close()
  }
}

function runnerOf(core: Core, options: GlobalOptions, printer: Printer): Runner {
  let password = ''
  let info: SessionInfo | null = null
  const raw = async <R extends RouteName>(route: R, input: RawInput<R>): Promise<Output<R>> => {
    const result = await core.call(CLI, route, input)
    if (!result.ok) throw new Refused(result.error)
    return result.data as Output<R>
  }
  const runner: Runner = {
    core,
    printer,
    path: (path) => core.grantPath(CLI, resolve(path)),
    signIn: async () => {
      if (options.account === undefined)
        throw new Refused({ code: 'BAD_INPUT', message: '请用 --account 指明账号。' })
      password = await askPassword()
      info = await raw('session.sign_in', { account: options.account, password })
      return info
    },
    enterPost: async (allows) => {
      if (info === null || allows(info.currentPost)) return
      const other = info.posts.find((held) => allows(held.post))
      if (other === undefined) return
      const opens = POST_COMPARTMENT[other.post] !== undefined
      info = await raw('session.switch_post', { postRowId: other.postRowId, ...(opens ? { password } : {}) })
    },
    call: async (route, input) => {
      const spec: RouteSpec = ROUTES[route]
      if (spec.permission !== 'anyone' && info === null) await runner.signIn()
      await runner.enterPost((post) => isAllowed(spec.permission, post))
      return raw(route, input)
    },
  }
  return runner
}

/** Turns whatever was thrown into a refusal to print. */
export function refusalOf(thrown: unknown): Refused {
  if (thrown instanceof Refused) return thrown
  if (thrown instanceof AppError) return new Refused(thrown.toBody())
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Refused({ code: 'UNEXPECTED', message: `出现意外错误：${message}` })
}
