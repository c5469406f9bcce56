/**
 * Backups (DESIGN.md section 6): `VACUUM INTO` on a read-only connection, in whatever process calls this, verified by
 * opening with the same key. A compartment nobody here can open is copied as it lies and marked unverified. Never the
 * addon's own backup, never a copied file of an open database.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { COMPARTMENTS, type Compartment } from '../domain/compartments'
import { localMinuteOf, type Clock } from '../domain/clock'
import { AppError } from '../domain/errors'
import { setKey } from './connection'
import { copyFileDurably, renameDurably, syncFile, writeDurable } from './durable'
import { classifyError } from './errors'
import { fileError } from './fileGate'
import { sha256Hex } from './keys/encoding'
import { connect, fileOf, openReader } from './open'

const BACKUP_MANIFEST = 'backup.json'
const FOLDER_PREFIX = 'maotiao-backup-'
const FORMAT = 'maotiao-backup'

export interface BackedUp {
  readonly compartment: Compartment
  /** Opened and checked page by page; a closed compartment is copied unseen. */
  readonly verified: boolean
  /** Instant, ms. */
  readonly madeAt: number
  /** Where an unverified copy lies beside an older verified one: when that was made, else null. */
  readonly lastVerifiedAt: number | null
  /** SHA-256 (hex) by file name. */
  readonly files: Readonly<Record<string, string>>
}
interface BackupManifest {
  readonly format: typeof FORMAT
  readonly version: 1
  readonly algorithm: 'sha256'
  readonly madeAt: number
  readonly compartments: readonly BackedUp[]
  /** Key file, notes and blobs: SHA-256 (hex) by path. */
  readonly others: Readonly<Record<string, string>>
}

const hashOf = (path: string): string => sha256Hex(readFileSync(path))

/**
 * Copies one compartment into a new file and checks the copy by opening it with its own key.
 * @param keys newest first
 * @param target path of the copy; replaced only when the new one is whole
 * @throws AppError DISK_FULL, READ_ONLY, FILE_DAMAGED when the copy does not check
 */
export function vacuumCopy(
  dataDir: string,
  compartment: Compartment,
  keys: readonly Uint8Array[],
  target: string,
): void {
  const partial = `${target}.part`
  rmSync(partial, { force: true })
  const reader = openReader({ dataDir, compartment, keys })
  try {
    reader.connection.prepare('VACUUM INTO ?').run(partial)
  } catch (error) {
    rmSync(partial, { force: true })
    throw classifyError(error)
  } finally {
    reader.connection.close()
  }
  try {
    checkCopy(partial, compartment, keys)
    syncFile(partial)
    renameDurably(partial, target)
  } catch (error) {
    rmSync(partial, { force: true })
    throw classifyError(error)
  }
}

/** @throws AppError FILE_DAMAGED */
function checkCopy(file: string, compartment: Compartment, keys: readonly Uint8Array[]): void {
  const problems: unknown[] = []
  for (const key of keys) {
    const connection = connect(file, 'read')
    try {
      setKey(connection, key)
      const answer: unknown = connection.pragma('integrity_check', { simple: true })
      if (answer === 'ok') return
      problems.push(answer)
    } catch (error) {
      problems.push(error)
    } finally {
      connection.close()
    }
  }
  throw fileError('FILE_DAMAGED', compartment, problems[0])
}

export interface BackupInput {
  readonly dataDir: string
  /** Where backups lie; each is a folder of its own in it. */
  readonly out: string
  /** Compartments that can be opened now with the key each has; the others are copied as they lie. */
  readonly stores: readonly {
    readonly store: { readonly compartment: Compartment }
    readonly key: Uint8Array
  }[]
  readonly clock: Clock
}
export interface MadeBackup {
  readonly folder: string
  readonly files: readonly { readonly compartment: Compartment; readonly verified: boolean }[]
}

/**
 * Backs up a whole data folder. While a closed compartment is copied nobody may open it: the caller owns the folder.
 * @returns the new folder; it has this name only when everything in it is whole
 * @throws AppError DISK_FULL, READ_ONLY, FILE_DAMAGED; earlier backups stay as they are
 */
export function makeBackup(input: BackupInput): MadeBackup {
  const { dataDir, out, clock } = input
  const folder = join(
    out,
    `${FOLDER_PREFIX}${localMinuteOf(clock.now()).replace(/[^0-9]/g, '')}-${clock.now()}`,
  )
  const partial = `${folder}.part`
  try {
    mkdirSync(out, { recursive: true })
    const before = newestBackup(out)
    mkdirSync(partial)
    const compartments = COMPARTMENTS.map((compartment) => {
      const held = input.stores.find((one) => one.store.compartment === compartment)
      return held === undefined
        ? copyClosed(dataDir, partial, compartment, clock.now(), before)
        : copyOpen(dataDir, partial, compartment, [held.key], clock.now())
    })
    const manifest: BackupManifest = {
      format: FORMAT,
      version: 1,
      algorithm: 'sha256',
      madeAt: clock.now(),
      compartments,
      others: copyOthers(dataDir, partial),
    }
    writeDurable(
      join(partial, BACKUP_MANIFEST),
      Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`, 'utf8'),
    )
    renameDurably(partial, folder)
    return { folder, files: compartments.map(({ compartment, verified }) => ({ compartment, verified })) }
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw classifyError(error)
  }
}

function copyOpen(
  dataDir: string,
  folder: string,
  compartment: Compartment,
  keys: readonly Uint8Array[],
  madeAt: number,
): BackedUp {
  const name = `${compartment}.db`
  vacuumCopy(dataDir, compartment, keys, join(folder, name))
  const files = { [name]: hashOf(join(folder, name)) }
  return { compartment, verified: true, madeAt, lastVerifiedAt: madeAt, files }
}

interface Earlier {
  readonly folder: string
  readonly manifest: BackupManifest
}

/** As the files lie, log included; the last verified copy, if the place has one, is carried along beside it. */
function copyClosed(
  dataDir: string,
  folder: string,
  compartment: Compartment,
  madeAt: number,
  before: Earlier | null,
): BackedUp {
  const files: Record<string, string> = {}
  const source = fileOf(dataDir, compartment)
  const take = (from: string, name: string): void => {
    if (!existsSync(from)) return
    copyFileDurably(from, join(folder, name))
    files[name] = hashOf(join(folder, name))
  }
  take(source, `${compartment}.closed.db`)
  take(`${source}-wal`, `${compartment}.closed.db-wal`)
  const earlier = before?.manifest.compartments.find((one) => one.compartment === compartment)
  if (before !== null) take(join(before.folder, `${compartment}.db`), `${compartment}.db`)
  return { compartment, verified: false, madeAt, lastVerifiedAt: earlier?.lastVerifiedAt ?? null, files }
}

/** Files that are small or never change once written; `keys.json` opens nothing without a password or the sheet. */
function copyOthers(dataDir: string, outDir: string): Record<string, string> {
  const hashes: Record<string, string> = {}
  for (const name of ['keys.json', 'state', ...blobNames(dataDir)]) {
    const source = join(dataDir, name)
    if (!existsSync(source)) continue
    const target = join(outDir, name)
    mkdirSync(join(target, '..'), { recursive: true })
    copyFileDurably(source, target)
    hashes[name] = hashOf(target)
  }
  return hashes
}

function blobNames(dataDir: string): string[] {
  const root = join(dataDir, 'blobs')
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => `blobs/${name.replaceAll('\\', '/')}`)
    .filter((name) => statSync(join(dataDir, name)).isFile())
}

const isManifest = (value: Partial<BackupManifest>): value is BackupManifest =>
  value.format === FORMAT && value.version === 1 && Array.isArray(value.compartments)

function manifestIn(folder: string): BackupManifest | null {
  try {
    const manifest = JSON.parse(
      readFileSync(join(folder, BACKUP_MANIFEST), 'utf8'),
    ) as Partial<BackupManifest>
    return isManifest(manifest) ? manifest : null
  } catch {
    return null
  }
}

function newestBackup(out: string): Earlier | null {
  const found = readdirSync(out)
    .filter((name) => name.startsWith(FOLDER_PREFIX) && !name.endsWith('.part'))
    .map((name) => ({ folder: join(out, name), manifest: manifestIn(join(out, name)) }))
    .filter((one): one is Earlier => one.manifest !== null)
  return found.sort((a, b) => b.manifest.madeAt - a.manifest.madeAt)[0] ?? null
}

/**
 * @param place a backup, or the folder in which backups lie: then its newest
 * @throws AppError FILE_FOREIGN when there is no backup of ours
 */
export function findBackup(place: string): Earlier {
  const manifest = manifestIn(place)
  const found =
    manifest === null ? (existsSync(place) ? newestBackup(place) : null) : { folder: place, manifest }
  if (found !== null) return found
  throw new AppError(
    'FILE_FOREIGN',
    '这个文件夹里没有本系统的备份，没有做任何改动。请重新选择备份所在的文件夹。',
  )
}
