/** The first `keys.json` of a folder: the commit point of founding and joining, written when every file is made. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import type { Clock } from '../../domain/clock'
import { pinned } from '../accounts/grants'
import { saltOf } from '../fileGate'
import { toText } from '../keys/encoding'
import { hasKeysFile, RECOVERY, type CompartmentKeys, type KeysFile } from '../keys/file'
import { newGeneration } from '../keys/slots'
import { keysFileFor } from '../keys/sync'
import type { HeldStore } from '../open'
import { sql } from '../sql'

export interface FolderNames {
  readonly centreId: string
  readonly centreName: string
  readonly terminalName: string
  readonly terminalNumber: string
}

function entryOf({ store, key }: HeldStore): CompartmentKeys {
  const fileId =
    store.db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'file_id'`)?.value ?? ''
  const recovery = { holder: RECOVERY, boxPublic: pinned(store, 'recovery_box_public') }
  return {
    fileId,
    salt: saltOf(store.file),
    generations: [newGeneration([recovery], fileId, key, store.clock.now())],
    rotationDue: false,
  }
}

/**
 * Wraps every key to the recovery key and to whoever base says.
 * @param held every compartment, just made; the keys are forgotten by the caller afterwards
 */
export function firstKeys(names: FolderNames, held: Readonly<Record<Compartment, HeldStore>>): KeysFile {
  const file: KeysFile = {
    version: 1,
    ...names,
    folderSecret: toText(new Uint8Array(randomBytes(32))),
    compartments: {
      base: entryOf(held.base),
      psych: entryOf(held.psych),
      roster: entryOf(held.roster),
      children: entryOf(held.children),
    },
    accounts: [],
  }
  return keysFileFor(
    file,
    held.base.store,
    COMPARTMENTS.map((name) => held[name]),
  )
}

/**
 * A founding or joining that was cut off leaves files without `keys.json`; nothing can open them. They are moved aside,
 * never deleted.
 * @throws AppError ALREADY_SET_UP
 */
export function prepareEmptyFolder(dataDir: string, clock: Clock): void {
  if (hasKeysFile(dataDir))
    throw new AppError('ALREADY_SET_UP', '这个数据文件夹里已经有一个中心，没有做任何改动。请换一个空文件夹。')
  mkdirSync(dataDir, { recursive: true })
  const left = [
    ...COMPARTMENTS.flatMap((name) => [`${name}.db`, `${name}.db-wal`, `${name}.db-shm`]),
    'state',
  ]
  const present = left.filter((name) => existsSync(join(dataDir, name)))
  if (present.length === 0) return
  const aside = join(dataDir, `unfinished-${clock.now()}`)
  mkdirSync(aside, { recursive: true })
  for (const name of present) renameSync(join(dataDir, name), join(aside, name))
}

const madeFiles = (): readonly string[] => [
  ...COMPARTMENTS.flatMap((name) => [`${name}.db`, `${name}.db-wal`, `${name}.db-shm`]),
  'state',
]

/** Removes what a founding or joining that failed has just made; nobody has entered anything yet. */
export function discardMade(dataDir: string, held: Iterable<HeldStore>): void {
  for (const { store } of held) store.connection.close()
  if (hasKeysFile(dataDir)) return
  for (const name of madeFiles()) rmSync(join(dataDir, name), { force: true })
}
