/** The running core: one owned data folder, the compartments that are open, and who works at which window. */
import { existsSync, mkdirSync } from 'node:fs'
import type { Compartment, ConfidentialCompartment } from '../../domain/compartments'
import type { CoreEvent } from '../../domain/contract/events'
import { AppError } from '../../domain/errors'
import { noteRestored } from '../../db/folder'
import { hasKeysFile, readKeysFile } from '../../db/keys/file'
import { rotateIfDue } from '../../db/keys/rotate'
import { syncKeysFile } from '../../db/keys/sync'
import { closeStore, openHeld, type HeldStore } from '../../db/open'
import { takeOwnerLock, type OwnerLock } from '../../db/ownerLock'
import { endorseReplica, introduceReplica } from '../../db/joining/intro'
import type { Store } from '../../db/store'
import type { CoreAppOptions } from './app-types'
import { createPathTokens, type PathTokens } from './paths'
import type { Session } from './session'

type Listener = (client: string | 'all', event: CoreEvent) => void

export class CoreState {
  readonly options: CoreAppOptions
  readonly tokens: PathTokens
  readonly sessions = new Map<string, Session>()
  readonly #held = new Map<Compartment, HeldStore>()
  readonly #listeners = new Set<Listener>()
  /** What reader tasks under way are about. */
  readonly #reading = new Set<readonly Compartment[]>()
  #lock: OwnerLock | null = null
  #turn: Promise<unknown> = Promise.resolve()
  /** What went wrong in the last scheduled round, in a clerk's words; empty when it went well. */
  exchangeProblem = ''

  constructor(options: CoreAppOptions) {
    this.options = options
    this.tokens = createPathTokens(() => Buffer.from(options.random.bytes(18)).toString('base64url'))
  }

  get dataDir(): string {
    return this.options.dataDir
  }

  /** Makes the folder if need be and owns it until `close`. @throws AppError IN_USE, READ_ONLY */
  own(): void {
    if (this.#lock !== null) return
    if (!existsSync(this.dataDir)) mkdirSync(this.dataDir, { recursive: true })
    this.#lock = takeOwnerLock(this.dataDir)
  }

  get isSetUp(): boolean {
    return hasKeysFile(this.dataDir)
  }

  /** Base stays open from the first sign-in until the application ends or the machine suspends. */
  openBase(keys: readonly Uint8Array[]): Store {
    return (this.#held.get('base') ?? this.#open('base', keys)).store
  }

  #open(compartment: Compartment, keys: readonly Uint8Array[]): HeldStore {
    if (keys.length === 0) {
      throw new AppError(
        'COMPARTMENT_CLOSED',
        '您在这台终端上还没有这个保密专库的钥匙。请由已有授权的同事在本机登录并授权。',
      )
    }
    this.assertOpenable(compartment)
    const { clock, random } = this.options
    const opened = openHeld({ dataDir: this.dataDir, compartment, keys, clock, random })
    // Somebody lost a slot here: the file gets a new key in the next session that can give it one.
    const held = rotateIfDue(this.dataDir, opened)
    this.#held.set(compartment, held)
    return held
  }

  get base(): Store {
    const held = this.#held.get('base')
    if (held === undefined) throw new AppError('NOT_SIGNED_IN', '请先登录。')
    return held.store
  }

  get hasBase(): boolean {
    return this.#held.has('base')
  }

  /** @throws AppError COMPARTMENT_CLOSED when the session's post has not opened it */
  storeOf(session: Session, compartment: Compartment): Store {
    const held = this.#held.get(compartment)
    if (held !== undefined && (compartment === 'base' || session.opened === compartment)) return held.store
    throw new AppError('COMPARTMENT_CLOSED', '这个保密专库没有打开。请切换到对应岗位并输入密码。')
  }

  storesOf(session: Session): ReadonlyMap<Compartment, Store> {
    return new Map(
      [...this.#held]
        .filter(([name]) => name === 'base' || session.opened === name)
        .map(([name, held]) => [name, held.store]),
    )
  }

  /** Every open compartment, for work that belongs to the terminal and not to a person. */
  heldStores(): readonly HeldStore[] {
    return [...this.#held.values()]
  }

  /** Opens the compartment of the session's post with the account's own key. */
  openConfidential(session: Session, compartment: ConfidentialCompartment): Store {
    const held =
      this.#held.get(compartment) ??
      this.#open(compartment, session.account.compartmentKeys(readKeysFile(this.dataDir), compartment))
    session.opened = compartment
    this.syncKeys()
    endorseReplica(this.base, held.store, session.actor(), session.account)
    return held.store
  }

  /** Drops a confidential key when nobody's current post holds it open any more. */
  closeConfidential(session: Session): void {
    const compartment = session.opened
    session.opened = null
    if (compartment === null || [...this.sessions.values()].some((other) => other.opened === compartment))
      return
    const held = this.#held.get(compartment)
    if (held === undefined) return
    this.#held.delete(compartment)
    closeStore(held.store)
  }

  /** Opens a compartment anew as another replica: changes of its own came back that it had lost (rule 0). */
  renew(compartment: Compartment, session: Session): Store {
    const held = this.#held.get(compartment)
    if (held === undefined) throw new AppError('COMPARTMENT_CLOSED', '这个库已经关闭，请重新登录后再试。')
    this.#assertUnread(compartment)
    this.#held.delete(compartment)
    closeStore(held.store)
    noteRestored(this.dataDir, [compartment])
    const { store } = this.#open(compartment, [held.key])
    if (compartment === 'base') this.introduce(session)
    else endorseReplica(this.base, store, session.actor(), session.account)
    return store
  }

  /** After changes to accounts, posts or grants: `keys.json` follows the rows, as far as the keys held here allow. */
  syncKeys(): void {
    syncKeysFile(this.dataDir, this.base, this.heldStores())
  }

  introduce(session: Session): void {
    introduceReplica(this.base, this.base, session.actor())
  }

  /** Keeps these files from being opened anew until the work is done. */
  async whileReading<T>(compartments: readonly Compartment[], work: () => Promise<T>): Promise<T> {
    const mine = [...compartments]
    this.#reading.add(mine)
    try {
      return await work()
    } finally {
      this.#reading.delete(mine)
    }
  }

  /**
   * To be asked before anything else changes that needs the compartment afterwards.
   * @throws AppError IN_USE while a reader works on the closed file: opening it writes, and may give it another key
   */
  assertOpenable(compartment: Compartment): void {
    if (!this.#held.has(compartment)) this.#assertUnread(compartment)
  }

  #assertUnread(compartment: Compartment): void {
    if (![...this.#reading].some((names) => names.includes(compartment))) return
    throw new AppError(
      'IN_USE',
      '本机正在备份或检查数据，这个库要等做完才能打开。没有改动任何内容，请稍后再试一次。',
    )
  }

  /** One exchange job at a time: a round, an import by hand and the sealing at a lock must not meet half-way. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  onEvent(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(client: string | 'all', event: CoreEvent): void {
    for (const listener of this.#listeners) listener(client, event)
  }

  close(): void {
    this.sessions.clear()
    for (const [compartment, held] of this.#held) {
      this.#held.delete(compartment)
      closeStore(held.store)
    }
    this.#lock?.release()
    this.#lock = null
  }
}
