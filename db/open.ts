/**
 * Opening a compartment's file: gate, key, pragmas, migrations, triggers, identity (DESIGN.md section 6). The one file
 * that loads the addon.
 */
import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock, Random } from '../domain/clock'
import type { Compartment } from '../domain/compartments'
import { AppError } from '../domain/errors'
import { setKey, setPragmas, type OpenMode } from './connection'
import { classifyError, codeOf } from './errors'
import { assertOurFile, fileError } from './fileGate'
import { noteState, settleIdentity } from './folder'
import { handleOf } from './handle'
import { randomId } from './ids'
import { readKeysFile } from './keys/file'
import { ensureReplicaKeys, type ReplicaKeys } from './keys/replica'
import { migrate, newestVersion, schemaVersionOf } from './migrate'
import { MIGRATIONS } from './migrations'
import type { Migration } from './migrations/migration'
import { afterOpen, afterSchema } from './openHooks'
import type { ReadableStore, Store } from './store'

type Connection = Database.Database

/** Below it every SQLite can corrupt a WAL file that two connections use (RELIABILITY.md finding 5). */
const OLDEST_SQLITE = [3, 51, 3] as const
let versionChecked = false

function assertVersion(): void {
  if (versionChecked) return
  // Not asked of the file: to prepare any statement SQLite reads its schema, and the key is not named yet.
  const memory = new Database(':memory:')
  const version = String(memory.prepare('SELECT sqlite_version()').pluck().get())
  memory.close()
  const parts = version.split('.').map(Number)
  for (const [index, wanted] of OLDEST_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part > wanted) break
    if (part < wanted) throw new Error(`SQLite ${version} is too old`)
  }
  versionChecked = true
}

/** Opens a file without a key. @throws AppError READ_ONLY and the like. */
export function connect(file: string, mode: OpenMode): Connection {
  assertVersion()
  try {
    return new Database(file, { readonly: mode === 'read' })
  } catch (error) {
    throw classifyError(error)
  }
}

/** @returns where a compartment's database lies in a data folder. */
export const fileOf = (dataDir: string, compartment: Compartment): string =>
  join(dataDir, `${compartment}.db`)

export interface OpenOptions {
  readonly dataDir: string
  readonly compartment: Compartment
  /** 32 bytes each, newest first; two only while a rotation is under way: both are tried. */
  readonly keys: readonly Uint8Array[]
  readonly clock: Clock
  readonly random: Random
  /** Instead of the shipped list, for tests of the runner. */
  readonly migrations?: readonly Migration[]
}

/** An open compartment with its key, as a session holds it. */
export interface HeldStore {
  readonly store: Store
  readonly key: Uint8Array
}

/**
 * Opens a compartment for reading and writing. The file is judged before a byte of it can change.
 * @returns the store with the key that opened it
 * @throws AppError NOT_SET_UP, FILE_EMPTY, FILE_FOREIGN, FILE_OTHER_CENTRE, FILE_DAMAGED, FILE_NEWER, READ_ONLY
 */
export function openHeld(options: OpenOptions): HeldStore {
  const { dataDir, compartment, clock } = options
  const file = fileOf(dataDir, compartment)
  assertOurFile(file, compartment, readKeysFile(dataDir))
  const migrations = options.migrations ?? MIGRATIONS[compartment]
  const key = probe(file, compartment, options.keys, newestVersion(migrations))
  const connection = connect(file, 'write')
  try {
    setKey(connection, key)
    setPragmas(connection, 'write')
    migrate({ connection, compartment, file, clock, migrations })
    afterSchema(connection, compartment)
    settleIdentity({ dataDir, compartment, connection, random: options.random, clock })
    ensureReplicaKeys(connection)
    return { store: storeOf(connection, file, options), key }
  } catch (error) {
    connection.close()
    throw classifyError(error)
  }
}

/** As `openHeld`, where the key is not needed again. */
export const openStore = (options: OpenOptions): Store => openHeld(options).store

/**
 * Reads the file on a connection that cannot write (and so cannot checkpoint): a file that must be refused stays as it
 * is, byte for byte.
 * @returns the key that opens it
 */
function probe(
  file: string,
  compartment: Compartment,
  keys: readonly Uint8Array[],
  newest: number,
): Uint8Array {
  let cause: unknown
  for (const key of keys) {
    const connection = connect(file, 'read')
    try {
      setKey(connection, key)
      connection.prepare('SELECT count(*) FROM sqlite_schema').get()
      if (schemaVersionOf(connection) > newest) throw fileError('FILE_NEWER', compartment)
      assertWhole(connection, file, compartment)
      return key
    } catch (error) {
      if (error instanceof AppError) throw error
      if (!/^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error))) throw classifyError(error)
      cause = error
    } finally {
      connection.close()
    }
  }
  throw fileError('FILE_DAMAGED', compartment, cause)
}

/** A file cut at its end opens without complaint until the missing page is read; its own page count tells. */
function assertWhole(connection: Connection, file: string, compartment: Compartment): void {
  const wal = `${file}-wal`
  if (existsSync(wal) && statSync(wal).size > 0) return
  const pages = Number(connection.pragma('page_count', { simple: true }))
  const pageSize = Number(connection.pragma('page_size', { simple: true }))
  if (statSync(file).size < pages * pageSize) throw fileError('FILE_DAMAGED', compartment)
}

function metaOf(connection: Connection): ReadonlyMap<string, string> {
  const rows = connection.prepare('SELECT name, value FROM meta').all() as { name: string; value: string }[]
  return new Map(rows.map((row) => [row.name, row.value]))
}

function storeOf(
  connection: Connection,
  file: string,
  options: { readonly compartment: Compartment; readonly clock: Clock; readonly random: Random },
): Store {
  const meta = metaOf(connection)
  const store: Store = {
    compartment: options.compartment,
    connection,
    db: handleOf(connection),
    file,
    clock: options.clock,
    random: options.random,
    replica: meta.get('replica') ?? '',
    centreId: meta.get('centre_id') ?? '',
    terminalNumber: meta.get('terminal_number') ?? '',
  }
  afterOpen(store)
  return store
}

export interface NewStore {
  readonly dataDir: string
  readonly compartment: Compartment
  /** 32 random bytes. */
  readonly key: Uint8Array
  readonly centreId: string
  readonly terminalId: string
  readonly terminalNumber: string
  /** Public halves of the recovery sheet: pinned here, so that no row of base can put others in their place. */
  readonly recovery: { readonly boxPublic: string; readonly signPublic: string }
  /** Chosen before (joining introduces it first), else a new one. */
  readonly replica?: string
  readonly replicaKeys?: ReplicaKeys
  readonly clock: Clock
  readonly random: Random
}

/**
 * Makes a compartment's file with its schema and identity. `keys.json` is the caller's to write afterwards: only then
 * the folder counts as set up.
 */
export function createStore(options: NewStore): Store {
  const { dataDir, compartment, clock, random } = options
  const file = fileOf(dataDir, compartment)
  if (existsSync(file)) throw new AppError('ALREADY_SET_UP', '这个数据文件夹里已经有数据，没有做任何改动。')
  const connection = connect(file, 'write')
  try {
    setKey(connection, options.key)
    setPragmas(connection, 'write')
    migrate({ connection, compartment, file, clock })
    afterSchema(connection, compartment)
    connection.transaction(() => {
      writeIdentity(connection, options)
      ensureReplicaKeys(connection, options.replicaKeys)
    })()
    // The main file gets its first pages now: its salt must be readable for keys.json.
    connection.pragma('wal_checkpoint(TRUNCATE)')
    const store = storeOf(connection, file, { compartment, clock, random })
    noteState(store)
    return store
  } catch (error) {
    connection.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
    throw classifyError(error)
  }
}

function writeIdentity(connection: Connection, options: NewStore): void {
  const replica = options.replica ?? randomId(options.random)
  const meta = connection.prepare('INSERT INTO meta (name, value) VALUES (?, ?)')
  meta.run('compartment', options.compartment)
  meta.run('file_id', randomId(options.random))
  meta.run('centre_id', options.centreId)
  meta.run('replica', replica)
  meta.run('terminal_id', options.terminalId)
  meta.run('terminal_number', options.terminalNumber)
  meta.run('recovery_box_public', options.recovery.boxPublic)
  meta.run('recovery_sign_public', options.recovery.signPublic)
  meta.run('created_at', String(options.clock.now()))
  connection
    .prepare(
      `INSERT INTO capture_context (one, applying, replica, seq, lamport, counter, txn, schema, actor, typed_by, post, deciding)
       VALUES (1, 0, ?, 0, 0, 0, '', ?, '', '', '', '')`,
    )
    .run(replica, schemaVersionOf(connection))
}

/** An open file that only reads, for the reader process: backups, integrity, long reports. */
export interface Reader extends ReadableStore {
  readonly file: string
}

/** @throws AppError as `openStore`; a file of an older schema is refused as damaged: the writer upgrades it first. */
export function openReader(options: Pick<OpenOptions, 'dataDir' | 'compartment' | 'keys'>): Reader {
  const { dataDir, compartment } = options
  const file = fileOf(dataDir, compartment)
  assertOurFile(file, compartment, readKeysFile(dataDir))
  const key = probe(file, compartment, options.keys, newestVersion(MIGRATIONS[compartment]))
  const connection = connect(file, 'read')
  try {
    setKey(connection, key)
    setPragmas(connection, 'read')
    const centreId = metaOf(connection).get('centre_id') ?? ''
    return { compartment, connection, db: handleOf(connection), file, centreId }
  } catch (error) {
    connection.close()
    throw classifyError(error)
  }
}

/** Closes: statistics refreshed, the log folded into the file. */
export function closeStore(store: Store): void {
  try {
    store.connection.pragma('optimize')
    // A reader at work is not waited for: the next opening does what is left.
    store.connection.pragma('busy_timeout = 0')
    store.connection.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    // Nothing is lost: the log is replayed at the next opening. A full disk must not keep the file open.
    if (!/^SQLITE_(FULL|BUSY|READONLY|IOERR)/.test(codeOf(error))) throw error
  } finally {
    store.connection.close()
  }
}
