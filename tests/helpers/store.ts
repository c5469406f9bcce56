/** Real encrypted files in a folder of their own, made and opened by production code. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import type { Random } from '../../domain/clock'
import { saltOf } from '../../db/fileGate'
import { randomId } from '../../db/ids'
import { readKeysFile, writeKeysFile, type CompartmentKeys } from '../../db/keys/file'
import { newPairs, signWith } from '../../db/keys/pairs'
import { newGeneration } from '../../db/keys/slots'
import { insertStaff, newAccountKeys, signIn } from '../../db/accounts/account'
import { foundCentre } from '../../db/joining/found'
import { unlockedAccount, type UnlockedAccount } from '../../db/keys/account'
import { syncKeysFile } from '../../db/keys/sync'
import { closeStore, createStore, openHeld, openStore, type HeldStore } from '../../db/open'
import type { Actor, Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import type { Post } from '../../domain/posts'
import { seededRandom, testClock, type TestClock } from './clock'

/** An empty folder; the caller removes it. */
export function testFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'maotiao-test-'))
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true })
    },
  }
}

export interface TestStores {
  readonly dataDir: string
  readonly clock: TestClock
  readonly random: Random
  /** A director with a signing key; no staff rows stand behind it. */
  readonly actor: Actor
  /** Throws for a compartment that was not asked for. */
  store(compartment: Compartment): Store
  readonly base: Store
  /** Closes and opens one again, as a restart does. */
  reopen(compartment: Compartment): Store
  keyOf(compartment: Compartment): Uint8Array
  /** Closes everything and removes the folder. */
  dispose(): void
}

export interface TestStoreOptions {
  /** `base` is always made. */
  readonly compartments?: readonly Compartment[]
  readonly seed?: string
  readonly clock?: TestClock
  readonly centreId?: string
  readonly terminalNumber?: string
}

/** Files of one terminal without a founded centre: enough for capture, merge, queries and rules of the store itself. */
export function createTestStores(options: TestStoreOptions = {}): TestStores {
  const folder = testFolder()
  const dataDir = folder.path
  const clock = options.clock ?? testClock()
  const random = seededRandom(options.seed ?? 'test')
  const centreId = options.centreId ?? '0c000000-0000-4000-8000-000000000001'
  const terminalId = randomId(random)
  const keys = new Map<Compartment, Uint8Array>(
    COMPARTMENTS.map((name) => [name, new Uint8Array(randomBytes(32))]),
  )
  const keyOf = (compartment: Compartment): Uint8Array => keys.get(compartment) ?? new Uint8Array(32)
  const stores = new Map<Compartment, Store>()
  const recovery = newPairs()
  for (const compartment of new Set<Compartment>(['base', ...(options.compartments ?? [])])) {
    const store = createStore({
      dataDir,
      compartment,
      key: keyOf(compartment),
      centreId,
      terminalId,
      terminalNumber: options.terminalNumber ?? '01',
      recovery,
      clock,
      random,
    })
    stores.set(compartment, store)
  }
  const entry = (compartment: Compartment): CompartmentKeys => {
    const store = stores.get(compartment)
    const fileId = store === undefined ? '' : fileIdOf(store)
    const recipients = [{ holder: 'recovery', boxPublic: recovery.boxPublic }]
    return {
      fileId,
      salt: store === undefined ? '' : saltOf(store.file),
      generations: [newGeneration(recipients, fileId, keyOf(compartment), clock.now())],
      rotationDue: false,
    }
  }
  writeKeysFile(dataDir, {
    version: 1,
    centreId,
    centreName: '测试中心',
    terminalName: '测试终端',
    terminalNumber: '01',
    folderSecret: Buffer.from(random.bytes(32)).toString('base64url'),
    compartments: {
      base: entry('base'),
      psych: entry('psych'),
      roster: entry('roster'),
      children: entry('children'),
    },
    accounts: [],
  })
  const store = (compartment: Compartment): Store => {
    const found = stores.get(compartment)
    if (found === undefined) throw new Error(`the test did not ask for ${compartment}`)
    return found
  }
  return {
    dataDir,
    clock,
    random,
    actor: testActor(random),
    store,
    get base() {
      return store('base')
    },
    reopen: (compartment) => {
      closeStore(store(compartment))
      const opened = openStore({ dataDir, compartment, keys: [keyOf(compartment)], clock, random })
      stores.set(compartment, opened)
      return opened
    },
    keyOf,
    dispose: () => {
      for (const open of stores.values()) if (open.connection.open) open.connection.close()
      folder.remove()
    },
  }
}

const fileIdOf = (store: Store): string =>
  String(store.connection.prepare(`SELECT value FROM meta WHERE name = 'file_id'`).pluck().get())

/** Somebody who may act; signs with a key of its own. */
function testActor(random: Random): Actor {
  const pairs = newPairs()
  return {
    staffId: randomId(random),
    postRowId: randomId(random),
    post: 'director',
    typedFor: null,
    sign: (bytes) => signWith(pairs.signPrivate, bytes),
  }
}

/** Cheap scrypt: the tests are about what is wrapped, not how long guessing takes. */
export const TEST_COST = { N: 2 ** 10, r: 8, p: 1 }
export const TEST_PASSWORD = '试用密码-2026'

export interface TestCentre {
  readonly dataDir: string
  readonly clock: TestClock
  readonly random: Random
  readonly centreId: string
  readonly recoverySecret: Uint8Array
  readonly admin: UnlockedAccount
  readonly adminActor: Actor
  readonly base: Store
  /** Base as the administrator's session holds it. */
  readonly held: HeldStore
  /** A colleague with an account whose password is TEST_PASSWORD; keys.json follows. */
  addStaff(
    account: string,
    posts: readonly Post[],
  ): { readonly account: UnlockedAccount; readonly actor: Actor }
  /** Opens a compartment with an account's own slot; closed by `dispose`. */
  open(compartment: Compartment, account: UnlockedAccount): HeldStore
  dispose(): void
}

/** A founded centre with its administrator signed in. */
export function createTestCentre(
  options: { readonly seed?: string; readonly clock?: TestClock; readonly folder?: string } = {},
): TestCentre {
  const folder = testFolder()
  const dataDir = options.folder ?? folder.path
  const clock = options.clock ?? testClock()
  const random = seededRandom(options.seed ?? 'centre')
  const founded = foundCentre({
    dataDir,
    centreName: '青石镇矛盾纠纷多元化解中心',
    areaCode: '990000101000',
    terminalName: '一号窗口',
    adminName: '林管理',
    adminAccount: 'admin',
    password: TEST_PASSWORD,
    clock,
    random,
    cost: TEST_COST,
  })
  const { account: admin } = signIn({
    dataDir,
    account: 'admin',
    password: TEST_PASSWORD,
    clock,
    uptime: () => 1000,
  })
  const opened: Store[] = []
  const open = (compartment: Compartment, account: UnlockedAccount): HeldStore => {
    const keys = account.compartmentKeys(readKeysFile(dataDir), compartment)
    const held = openHeld({ dataDir, compartment, keys, clock, random })
    opened.push(held.store)
    return held
  }
  const held = open('base', admin)
  const base = held.store
  const adminActor = actorOf(base, admin, 'administrator')
  return {
    dataDir,
    clock,
    random,
    centreId: founded.centreId,
    recoverySecret: founded.recoverySecret,
    admin,
    adminActor,
    base,
    held,
    addStaff: (account, posts) => {
      const keys = newAccountKeys(TEST_PASSWORD, TEST_COST)
      const staff = { name: `工作人员${account}`, phone: '', account, orgUnitId: null, posts }
      const { staffId } = writeTx(base, adminActor, (tx) => insertStaff(tx, staff, keys))
      syncKeysFile(dataDir, base, [held])
      const unlocked = unlockedAccount({ staffId, account, name: staff.name }, keys.pairs)
      return { account: unlocked, actor: actorOf(base, unlocked, posts[0] ?? 'clerk') }
    },
    open,
    dispose: () => {
      for (const store of opened) if (store.connection.open) store.connection.close()
      folder.remove()
    },
  }
}

/** Acts in a post that the staff member has in base. */
export function actorOf(base: Store, account: UnlockedAccount, post: Post): Actor {
  const row = base.connection
    .prepare('SELECT id FROM staff_post WHERE staff_id = ? AND post = ? AND active = 1')
    .pluck()
    .get(account.staffId, post)
  return { staffId: account.staffId, postRowId: String(row), post, typedFor: null, sign: account.sign }
}
