/** A desk without a window: the real router and handlers on an open dataset, and the connection beneath them. */
import { randomBytes } from 'node:crypto'
import { createSession, type Session } from '../../electron/core/session'
import { routeCall, type RouterHost } from '../../electron/core/router'
import type { ProcessHandlers } from '../../electron/core/process/types'
import { DEMO_PASSWORD } from '../../electron/core/demo/town'
import { YEAR_ENDS } from '../../electron/core/demo/script'
import { signIn } from '../../db/accounts/account'
import { closeStore, openHeld } from '../../db/open'
import { takeOwnerLock } from '../../db/ownerLock'
import { sql } from '../../db/sql'
import type { Store, Viewer } from '../../db/store'
import { viewerOf } from '../../db/visibility/viewer'
import type { RawInput, RouteName } from '../../domain/contract'
import type { Post } from '../../domain/posts'

export interface Desk {
  readonly base: Store
  /** Calls a route as an account; throws when it is refused. */
  call<R extends RouteName>(account: string, route: R, input: RawInput<R>): Promise<unknown>
  session(account: string): Session
  viewer(account: string): Viewer
  close(): void
}

export function openDesk(dataDir: string, accounts: Readonly<Record<string, Post>>): Desk {
  const lock = takeOwnerLock(dataDir)
  let ticks = 0
  const clock = { now: () => YEAR_ENDS + ticks++ }
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const enter = (account: string) =>
    signIn({ dataDir, account, password: DEMO_PASSWORD, clock, uptime: () => 0 })
  const { store: base } = openHeld({
    dataDir,
    compartment: 'base',
    keys: enter('admin').baseKeys,
    clock,
    random,
  })
  const sessions = new Map(
    Object.entries(accounts).map(([name, post]): [string, Session] => {
      const { account } = enter(name)
      const row = base.db.get<{ id: string; unitId: string | null }>(sql`SELECT id, org_unit_id AS unitId
        FROM staff_post WHERE staff_id = ${account.staffId} AND post = ${post}`)
      const posts = [{ postRowId: row?.id ?? '', post, unitId: row?.unitId ?? null }]
      const { staffId } = account
      return [
        name,
        createSession({ client: name, staffId, staffName: name, accountName: name, account, posts, clock }),
      ]
    }),
  )
  const session = (account: string): Session => {
    const found = sessions.get(account)
    if (found === undefined) throw new Error(`${account} does not sit here`)
    return found
  }
  const host: RouterHost = {
    sessionOf: (client) => sessions.get(client) ?? null,
    storeOf: () => base,
    storesOf: () => new Map([['base', base]]),
    afterWrite: () => undefined,
    infoOf: () => {
      throw new Error('the benchmark asks for no session')
    },
    // Only reading and writing routes are called here.
    process: {} as ProcessHandlers,
    log: (line) => void process.stderr.write(`${line}\n`),
  }
  return {
    base,
    call: async (account, route, input) => {
      const result = await routeCall(host, account, route, input)
      if (!result.ok) throw new Error(`${route}: ${result.error.code} ${result.error.message}`)
      return result.data
    },
    session,
    viewer: (account) => viewerOf(base.db, session(account)),
    close: () => {
      closeStore(base)
      lock.release()
    },
  }
}
