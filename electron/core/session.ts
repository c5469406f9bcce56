/** Who works at one window: account keys in memory, the current post, the compartments it opened. */
import { AppError } from '../../domain/errors'
import type { ConfidentialCompartment } from '../../domain/compartments'
import type { Clock } from '../../domain/clock'
import type { Post } from '../../domain/posts'
import type { UnlockedAccount } from '../../db/keys/account'
import type { Actor } from '../../db/store'

export interface HeldPost {
  readonly postRowId: string
  readonly post: Post
  readonly unitId: string | null
}

/** Refused actions are remembered by nobody; the idle time is the clock's, so a test can pass it. */
export interface Session {
  readonly client: string
  readonly staffId: string
  readonly staffName: string
  readonly accountName: string
  readonly account: UnlockedAccount
  posts: readonly HeldPost[]
  post: Post
  postRowId: string
  unitId: string | null
  locked: boolean
  /** Compartment opened by the current post. */
  opened: ConfidentialCompartment | null
  lastActive: number
  touch(): void
  actor(typedFor?: string | null): Actor
  openSealed(ciphertext: string): Uint8Array
}

export interface NewSession {
  readonly client: string
  readonly staffId: string
  readonly staffName: string
  readonly accountName: string
  readonly account: UnlockedAccount
  readonly posts: readonly HeldPost[]
  readonly clock: Clock
}

/** @throws AppError FORBIDDEN when the account holds no post. */
export function createSession(input: NewSession): Session {
  const first = input.posts[0]
  if (first === undefined) throw new AppError('FORBIDDEN', '这个账号还没有安排岗位，请联系系统管理员。')
  const { account } = input
  const session: Session = {
    client: input.client,
    staffId: input.staffId,
    staffName: input.staffName,
    accountName: input.accountName,
    account,
    posts: input.posts,
    post: first.post,
    postRowId: first.postRowId,
    unitId: first.unitId,
    locked: false,
    opened: null,
    lastActive: input.clock.now(),
    touch: () => {
      session.lastActive = input.clock.now()
    },
    actor: (typedFor = null) => ({
      staffId: session.staffId,
      postRowId: session.postRowId,
      post: session.post,
      typedFor,
      sign: (bytes) => account.sign(bytes),
    }),
    openSealed: (ciphertext) => account.openSealed(ciphertext),
  }
  return session
}
