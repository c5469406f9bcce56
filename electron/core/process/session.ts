/** Signing in and out, locking, changing posts: what opens and closes keys. */
import { uptime } from 'node:os'
import { IDLE_LOCK_MINUTES } from '../../../domain/rules/idle'
import { localDateOf } from '../../../domain/clock'
import type { SessionInfo } from '../../../domain/contract/setup'
import { AppError } from '../../../domain/errors'
import { POST_COMPARTMENT, POST_NAMES, POSTS, type Post } from '../../../domain/posts'
import { changePassword, signIn } from '../../../db/accounts/account'
import { absorbAttempts } from '../../../db/accounts/attempts'
import { readKeysFile } from '../../../db/keys/file'
import { applyCounter } from '../../../db/replication/basis'
import { sql } from '../../../db/sql'
import { createSession, type HeldPost, type Session } from '../session'
import type { CoreState } from '../state'
import { absorb } from './absorb'
import { note } from './note'
import { sealOutgoing } from './outgoing'
import type { ProcessCaller, ProcessHandlers } from './types'

/** @throws AppError NOT_SIGNED_IN: routes with a permission have a session, this says so to the compiler too */
export function sessionOf(caller: ProcessCaller): Session {
  if (caller.session === null) throw new AppError('NOT_SIGNED_IN', '请先登录。')
  return caller.session
}

function postsOf(state: CoreState, staffId: string): HeldPost[] {
  const rows = state.base.db.all<{ id: string; post: string; org_unit_id: string | null }>(
    sql`SELECT id, post, org_unit_id FROM staff_post WHERE staff_id = ${staffId} AND active = 1 ORDER BY id`,
  )
  const known = rows.filter((row): row is typeof row & { post: Post } =>
    (POSTS as readonly string[]).includes(row.post),
  )
  return known
    .map((row) => ({ postRowId: row.id, post: row.post, unitId: row.org_unit_id }))
    .sort((a, b) => POSTS.indexOf(a.post) - POSTS.indexOf(b.post))
}

/** What the shell shows of a session. */
export function infoOf(state: CoreState, session: Session): SessionInfo {
  const { base } = state
  const centre = base.db.get<{ name: string; area_code: string }>(
    sql`SELECT name, area_code FROM centre LIMIT 1`,
  )
  const terminal = base.db.get<{ number: string; name: string }>(sql`SELECT number, name FROM terminal
    WHERE id = (SELECT value FROM meta WHERE name = 'terminal_id')`)
  const units = new Map(
    base.db
      .all<{ id: string; name: string }>(sql`SELECT id, name FROM org_unit`)
      .map((row) => [row.id, row.name]),
  )
  return {
    staffId: session.staffId,
    staffName: session.staffName,
    account: session.accountName,
    currentPost: session.post,
    postRowId: session.postRowId,
    posts: session.posts.map((held) => ({
      postRowId: held.postRowId,
      post: held.post,
      name: POST_NAMES[held.post],
      unitName: held.unitId === null ? '' : (units.get(held.unitId) ?? ''),
    })),
    centreName: centre?.name ?? '',
    areaCode: centre?.area_code ?? '',
    terminalNumber: base.terminalNumber === '' ? '未编号' : (terminal?.number ?? base.terminalNumber),
    terminalName: terminal?.name ?? '',
    today: localDateOf(state.options.clock.now()),
    idleLockMinutes: IDLE_LOCK_MINUTES,
    clockWarning: null,
    basis: applyCounter(base.db),
  }
}

/** Before a session changes: a post's compartment may be out of reach for a while. @throws AppError IN_USE */
function assertEnterable(state: CoreState, post: Post): void {
  const compartment = POST_COMPARTMENT[post]
  if (compartment !== undefined) state.assertOpenable(compartment)
}

/** Opens what the post opens; without a key here the desk says so when it is used. */
function enter(state: CoreState, session: Session): void {
  const compartment = POST_COMPARTMENT[session.post]
  if (compartment === undefined) return
  try {
    state.openConfidential(session, compartment)
    absorb(state, session)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'COMPARTMENT_CLOSED') throw error
  }
}

/** Ends what the post opened, after its outgoing packages are sealed. A full disk must not keep the key in memory. */
export function leave(state: CoreState, session: Session): Promise<void> {
  return state.inTurn(async () => {
    try {
      await sealOutgoing(state, session)
    } finally {
      state.closeConfidential(session)
    }
  })
}

function prove(state: CoreState, account: string, password: string): ReturnType<typeof signIn> {
  return signIn({ dataDir: state.dataDir, account, password, clock: state.options.clock, uptime })
}

type Routes =
  | 'session.sign_in'
  | 'session.sign_out'
  | 'session.lock'
  | 'session.unlock'
  | 'session.switch_post'
  | 'session.change_password'

export function sessionHandlers(state: CoreState): Pick<ProcessHandlers, Routes> {
  return {
    'session.sign_in': async (input, { client }) => {
      state.own()
      if (!state.isSetUp) throw new AppError('NOT_SET_UP', '这台终端还没有建立或加入中心，请先完成设置。')
      const { account, baseKeys } = prove(state, input.account, input.password)
      const before = state.sessions.get(client)
      if (before !== undefined) await leave(state, before)
      const base = state.openBase(baseKeys)
      absorbAttempts({ dataDir: state.dataDir, keys: readKeysFile(state.dataDir), uptime }, base)
      const { staffId, name } = account
      const session = createSession({
        client,
        staffId,
        staffName: name,
        accountName: account.account,
        account,
        posts: postsOf(state, staffId),
        clock: state.options.clock,
      })
      assertEnterable(state, session.post)
      state.sessions.set(client, session)
      state.introduce(session)
      state.syncKeys()
      note(state, 'session.sign_in', session)
      enter(state, session)
      return infoOf(state, session)
    },
    'session.sign_out': async (_input, caller) => {
      const session = sessionOf(caller)
      note(state, 'session.sign_out', session)
      await leave(state, session)
      state.sessions.delete(caller.client)
      state.emit(caller.client, { kind: 'signed_out' })
      return null
    },
    'session.lock': async (_input, caller) => {
      await lockSession(state, sessionOf(caller))
      return null
    },
    'session.unlock': (input, caller) => {
      const session = sessionOf(caller)
      prove(state, session.accountName, input.password)
      assertEnterable(state, session.post)
      session.locked = false
      session.touch()
      note(state, 'session.unlock', session)
      enter(state, session)
      return infoOf(state, session)
    },
    'session.switch_post': async (input, caller) => {
      const session = sessionOf(caller)
      session.posts = postsOf(state, session.staffId)
      const wanted = session.posts.find((held) => held.postRowId === input.postRowId)
      if (wanted === undefined) throw new AppError('FORBIDDEN', '您没有这个岗位，可能刚被调整。请重新登录。')
      if (POST_COMPARTMENT[wanted.post] !== undefined) {
        if (input.password === undefined) {
          throw new AppError('NEEDS_CONFIRMATION', '进入这个岗位会打开保密专库，请输入密码。', {
            field: 'password',
          })
        }
        prove(state, session.accountName, input.password)
      }
      assertEnterable(state, wanted.post)
      await leave(state, session)
      session.post = wanted.post
      session.postRowId = wanted.postRowId
      session.unitId = wanted.unitId
      note(state, 'session.switch_post', session)
      enter(state, session)
      return infoOf(state, session)
    },
    'session.change_password': (input, caller) => {
      const session = sessionOf(caller)
      changePassword(state.dataDir, state.base, session.actor(), { account: session.account, ...input })
      state.syncKeys()
      note(state, 'session.change_password', session, session.staffId)
      return null
    },
  }
}

/** Confidential keys are dropped at the lock, after their outgoing packages are sealed. */
export async function lockSession(state: CoreState, session: Session): Promise<void> {
  if (session.locked) return
  session.locked = true
  note(state, 'session.lock', session)
  await leave(state, session)
  state.emit(session.client, { kind: 'locked' })
}
