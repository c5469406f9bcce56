/** Real encrypted files in a folder of their own, made and opened by production code. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import type { Random } from '../../domain/clock'
import { saltOf } from '../../db/fileGate'
import { randomId } from '../../db/ids'
import { writeKeysFile, type CompartmentKeys } from '../../db/keys/file'
import { newPairs, signWith } from '../../db/keys/pairs'
import { newGeneration } from '../../db/keys/slots'
import { closeStore, createStore, openStore } from '../../db/open'
import type { Actor, Store } from '../../db/store'
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
  for (const compartment of new Set<Compartment>(['base', ...(options.compartments ?? [])])) {
    const store = createStore({
      dataDir,
      compartment,
      key: keyOf(compartment),
      centreId,
      terminalId,
      terminalNumber: options.terminalNumber ?? '01',
      clock,
      random,
    })
    stores.set(compartment, store)
  }
  const recovery = newPairs()
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
    recoveryBoxPublic: recovery.boxPublic,
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
export function testActor(random: Random): Actor {
  const pairs = newPairs()
  return {
    staffId: randomId(random),
    postRowId: randomId(random),
    post: 'director',
    typedFor: null,
    sign: (bytes) => signWith(pairs.signPrivate, bytes),
  }
}
