/**
 * Restoring a backup into a data folder. Compartments may be of different dates; each opens as a new replica and takes
 * its own lost changes back from its peers (DESIGN.md section 4, rule 0).
 */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { COMPARTMENTS, COMPARTMENT_NAMES, type Compartment } from '../domain/compartments'
import type { Clock } from '../domain/clock'
import { AppError } from '../domain/errors'
import { startAttempts } from './accounts/attempts'
import { findBackup, type BackedUp } from './backup'
import { copyFileDurably } from './durable'
import { classifyError } from './errors'
import { assertOurFile } from './fileGate'
import { noteRestored } from './folder'
import { sha256Hex } from './keys/encoding'
import { hasKeysFile, readKeysFile } from './keys/file'

export interface Restored {
  readonly compartments: readonly { readonly compartment: Compartment; readonly madeAt: number }[]
  /** Where the data that lay in the folder before was moved; null when there was none. */
  readonly movedTo: string | null
}

function assertUnaltered(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, hash] of Object.entries(files)) {
    const path = join(folder, name)
    if (existsSync(path) && sha256Hex(readFileSync(path)) === hash) continue
    throw new AppError(
      'FILE_DAMAGED',
      `备份里的 ${basename(name)} 缺失或已损坏，没有恢复，现有数据没有改动。请换另一份备份。`,
    )
  }
}

/** An unverified copy is the newer one; it is taken unless it is missing. */
function sourcesOf(backed: BackedUp): readonly (readonly [from: string, to: string])[] {
  const { compartment, files } = backed
  const closed = `${compartment}.closed.db`
  if (files[closed] === undefined) return [[`${compartment}.db`, `${compartment}.db`]]
  const log = `${closed}-wal`
  return [
    [closed, `${compartment}.db`],
    ...(files[log] === undefined ? [] : [[log, `${compartment}.db-wal`] as const]),
  ]
}

/** What lies in the folder is moved aside whole, never deleted: a restore of the wrong backup must be undone. */
function moveAside(dataDir: string, clock: Clock): string | null {
  if (!hasKeysFile(dataDir)) return null
  const aside = join(dirname(dataDir), `${basename(dataDir)}-before-restore-${clock.now()}`)
  mkdirSync(aside, { recursive: true })
  const databases = COMPARTMENTS.flatMap((name) => [`${name}.db`, `${name}.db-wal`, `${name}.db-shm`])
  for (const name of [...databases, 'keys.json', 'keys.previous.json', 'attempts.json', 'blobs']) {
    if (existsSync(join(dataDir, name))) renameSync(join(dataDir, name), join(aside, name))
  }
  // The note stays: it knows which numbers were drawn after the backup was made.
  if (existsSync(join(dataDir, 'state'))) copyFileDurably(join(dataDir, 'state'), join(aside, 'state'))
  return aside
}

/**
 * @param place a backup, or the folder in which backups lie: then its newest
 * @param dataDir owned by the caller; every compartment closed
 * @throws AppError FILE_FOREIGN, FILE_DAMAGED, FILE_OTHER_CENTRE: checked before anything is moved
 */
export function restoreBackup(place: string, dataDir: string, clock: Clock): Restored {
  const { folder, manifest } = findBackup(place)
  for (const backed of manifest.compartments) assertUnaltered(folder, backed.files)
  assertUnaltered(folder, manifest.others)
  const keys = readKeysFile(folder)
  const backedUp = COMPARTMENTS.map((compartment) => {
    const backed = manifest.compartments.find((one) => one.compartment === compartment)
    const [source] = backed === undefined ? [] : sourcesOf(backed)
    if (backed === undefined || source === undefined)
      throw new AppError(
        'FILE_DAMAGED',
        `备份里没有${COMPARTMENT_NAMES[compartment]}，没有恢复。请换另一份备份。`,
      )
    assertOurFile(join(folder, source[0]), compartment, keys)
    return backed
  })
  assertSameCentre(dataDir, keys.centreId)
  try {
    mkdirSync(dataDir, { recursive: true })
    const movedTo = moveAside(dataDir, clock)
    for (const backed of backedUp) {
      for (const [from, to] of sourcesOf(backed)) copyFileDurably(join(folder, from), join(dataDir, to))
    }
    for (const name of Object.keys(manifest.others)) {
      if (name === 'keys.json') continue
      if (name === 'state' && existsSync(join(dataDir, 'state'))) continue
      mkdirSync(dirname(join(dataDir, name)), { recursive: true })
      copyFileDurably(join(folder, name), join(dataDir, name))
    }
    noteRestored(dataDir, COMPARTMENTS)
    startAttempts(dataDir, keys)
    // Last: with it the folder counts as set up.
    copyFileDurably(join(folder, 'keys.json'), join(dataDir, 'keys.json'))
    return {
      compartments: backedUp.map(({ compartment, madeAt }) => ({ compartment, madeAt })),
      movedTo,
    }
  } catch (error) {
    throw classifyError(error)
  }
}

function assertSameCentre(dataDir: string, centreId: string): void {
  if (!hasKeysFile(dataDir) || readKeysFile(dataDir).centreId === centreId) return
  throw new AppError(
    'FILE_OTHER_CENTRE',
    '这份备份是另一个中心的，没有恢复，现有数据没有改动。请核对备份，或恢复到一个空文件夹。',
  )
}
