/** The migration runner (STYLE.md 6.4). */
import { join, dirname, basename } from 'node:path'
import { mkdirSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { Clock } from '../domain/clock'
import type { Compartment } from '../domain/compartments'
import { syncFile, syncFolder } from './durable'
import { fileError } from './fileGate'
import { MIGRATIONS } from './migrations'
import type { Migration } from './migrations/migration'

export const schemaVersionOf = (connection: Database.Database): number =>
  Number(connection.pragma('user_version', { simple: true }))

/** @returns the newest version this program knows of a compartment. */
export function newestVersion(migrations: readonly Migration[]): number {
  let newest = 0
  for (const { version } of migrations) {
    if (version <= newest || version % 10 !== 0) throw new Error(`migration ${version} is out of order`)
    newest = version
  }
  return newest
}

export interface MigrateOptions {
  readonly connection: Database.Database
  readonly compartment: Compartment
  readonly file: string
  readonly clock: Clock
  /** The list to apply; the shipped one unless a test brings its own. */
  readonly migrations?: readonly Migration[]
}

/**
 * Brings a file to the newest schema: a copy first, then everything in one transaction, uncaptured, foreign keys off
 * outside and checked inside.
 * @returns the version the file came with
 * @throws AppError FILE_NEWER; any error of a step leaves version, tables and rows as they were
 */
export function migrate(options: MigrateOptions): number {
  const { connection, compartment } = options
  const migrations = options.migrations ?? MIGRATIONS[compartment]
  const newest = newestVersion(migrations)
  const from = schemaVersionOf(connection)
  if (from > newest) throw fileError('FILE_NEWER', compartment)
  if (from === newest) return from
  if (from > 0) copyBefore(options, from, newest)
  connection.pragma('foreign_keys = OFF')
  try {
    connection.transaction(() => {
      steps(
        connection,
        migrations.filter(({ version }) => version > from),
      )
      connection.pragma(`user_version = ${newest}`)
      connection.prepare('UPDATE capture_context SET schema = ?').run(newest)
    })()
  } finally {
    connection.pragma('foreign_keys = ON')
  }
  return from
}

function steps(connection: Database.Database, pending: readonly Migration[]): void {
  setApplying(connection, 1)
  for (const { up } of pending) up(connection)
  setApplying(connection, 0)
  const dangling = connection.pragma('foreign_key_check') as unknown[]
  if (dangling.length > 0) throw new Error(`a migration left ${dangling.length} dangling references`)
}

/** Migrations run uncaptured: triggers write nothing while `applying` is set. A new file has no such table yet. */
function setApplying(connection: Database.Database, value: 0 | 1): void {
  const exists = connection
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'capture_context'`)
    .get()
  if (exists === undefined) return
  connection.prepare('UPDATE capture_context SET applying = ?').run(value)
  const left = connection
    .prepare('SELECT count(*) FROM capture_context WHERE applying <> ?')
    .pluck()
    .get(value)
  if (left !== 0) throw new Error('the applying mark did not take')
}

/** The file as it was, under the same key, named by versions and time so that no copy overwrites another. */
function copyBefore(options: MigrateOptions, from: number, to: number): void {
  const folder = join(dirname(options.file), 'before-upgrade')
  mkdirSync(folder, { recursive: true })
  const stamp = new Date(options.clock.now()).toISOString().replace(/[^0-9]/g, '')
  const copy = join(folder, `${basename(options.file, '.db')}-pre-${from}-to-${to}-${stamp}.db`)
  options.connection.prepare('VACUUM INTO ?').run(copy)
  syncFile(copy)
  syncFolder(folder)
}
