import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { CoreEvent } from '../../domain/contract/events'
import type { SessionInfo, SetupStatus } from '../../domain/contract/setup'
import type { AppError } from '../../domain/errors'
import { native, onCoreEvent, request } from '../api/client'
import { asAppError } from '../composables/call'
import { flushDrafts } from '../composables/draft'

/** What the whole window shows: nothing yet, the wizard, a problem with the data, the sign-in, or the desks. */
type Phase = 'starting' | 'setup' | 'problem' | 'sign_in' | 'desk'
type LockReason = 'person' | 'idle' | 'core_back'

/** Who works here in which post, and whether the core is there to answer. */
export const useSession = defineStore('session', () => {
  const status = shallowRef<SetupStatus | null>(null)
  const info = shallowRef<SessionInfo | null>(null)
  const startError = shallowRef<AppError | null>(null)
  const locked = ref<LockReason | null>(null)
  const core = ref<'there' | 'restarting' | 'gone'>('there')

  const phase = computed<Phase>(() => {
    if (info.value !== null) return 'desk'
    if (startError.value !== null) return 'problem'
    if (status.value === null) return 'starting'
    if (status.value.problem !== null || status.value.state === 'broken') return 'problem'
    return status.value.state === 'ready' ? 'sign_in' : 'setup'
  })
  /** Changes whenever the desks must start afresh: other person, other post. */
  const identity = computed(() => `${info.value?.staffId ?? ''}:${info.value?.postRowId ?? ''}`)

  /** Asks how things stand; after a reload of the window the session may still be there. */
  async function start(): Promise<void> {
    startError.value = null
    try {
      status.value = await request('setup.status', {})
      if (status.value.state === 'ready') await resume()
    } catch (error) {
      startError.value = asAppError(error)
    }
  }
  async function resume(): Promise<void> {
    try {
      info.value = await request('session.info', {})
    } catch (error) {
      const { code } = asAppError(error)
      if (code !== 'NOT_SIGNED_IN' && code !== 'LOCKED') throw error
    }
  }

  async function signIn(account: string, password: string): Promise<void> {
    info.value = await request('session.sign_in', { account, password })
    locked.value = null
  }
  async function signOut(): Promise<void> {
    await flushDrafts()
    await request('session.sign_out', {}).catch(() => null)
    forget()
  }
  function forget(): void {
    info.value = null
    locked.value = null
  }

  let telling: Promise<void> = Promise.resolve()
  /** Hides everything at once; the core is told afterwards, so a slow core never keeps names on the screen. */
  async function lock(reason: LockReason): Promise<void> {
    if (info.value === null || locked.value !== null) return
    locked.value = reason
    telling = tellCore()
    await telling
  }
  async function tellCore(): Promise<void> {
    await flushDrafts()
    await request('session.lock', {}).catch(() => null)
  }
  /** The same person goes on where he was: same post, same form. After a restart of the core this is a new sign-in. */
  async function unlock(password: string): Promise<void> {
    const before = info.value
    if (before === null) return
    // A lock that the core has not heard of yet would close the door again behind whoever is quick.
    await telling
    let now: SessionInfo
    try {
      now = await request('session.unlock', { password })
    } catch (error) {
      if (asAppError(error).code !== 'NOT_SIGNED_IN') throw error
      now = await request('session.sign_in', { account: before.account, password })
      if (
        now.postRowId !== before.postRowId &&
        now.posts.some((post) => post.postRowId === before.postRowId)
      ) {
        now = await request('session.switch_post', { postRowId: before.postRowId, password })
      }
    }
    info.value = now
    locked.value = null
  }

  /** @param password needed where the post opens a confidential compartment */
  async function switchPost(postRowId: string, password?: string): Promise<void> {
    await flushDrafts()
    info.value = await request('session.switch_post', {
      postRowId,
      ...(password === undefined ? {} : { password }),
    })
  }

  async function onEvent(event: CoreEvent): Promise<void> {
    if (event.kind === 'core_gone') core.value = event.restarting ? 'restarting' : 'gone'
    else if (event.kind === 'core_back') await coreIsBack()
    else if (event.kind === 'locked' && info.value !== null) locked.value ??= 'idle'
    else if (event.kind === 'signed_out') forget()
  }
  async function coreIsBack(): Promise<void> {
    core.value = 'there'
    if (info.value === null) {
      await start()
      return
    }
    try {
      info.value = await request('session.info', {})
    } catch (error) {
      const { code } = asAppError(error)
      // A new core holds no keys. The desk stays as it is under the lock, with everything that was typed.
      if (code === 'NOT_SIGNED_IN' || code === 'LOCKED') locked.value = 'core_back'
    }
  }
  async function retryCore(): Promise<void> {
    core.value = 'restarting'
    try {
      await native('app.restart_core', {})
    } catch {
      core.value = 'gone'
    }
  }
  onCoreEvent((event) => void onEvent(event))

  return {
    status,
    info,
    startError,
    locked,
    core,
    phase,
    identity,
    start,
    signIn,
    signOut,
    lock,
    unlock,
    switchPost,
    retryCore,
  }
})
