/** The data the benchmark works on: made once per size and schema, kept in `.cache/`. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { setKey, setPragmas } from '../../db/connection'
import { DERIVED_DDL, DERIVED_VERSION } from '../../db/derived/ddl'
import { closeStore, connect } from '../../db/open'
import { SCHEMAS } from '../../db/schema'
import type { Store } from '../../db/store'
import { foundTown } from '../../electron/core/demo/found'
import { YEAR_BEGINS } from '../../electron/core/demo/script'
import { chanceOf, demoClock, seededRandom } from '../../electron/core/demo/seeded'
import { writeMatters } from './bulk'
import { cloneTown } from './clone'

/** Raise it with every change of how the data is made. */
const MADE_HOW = 2
/** So many are written one by one; a larger town is made of copies of this one. */
const WRITTEN = 10_000
/** The plain file has a key as any other; it holds nothing but invented people. */
const PLAIN_KEY = new Uint8Array(32).fill(7)
const TABLES = [
  'person',
  'matter',
  'matter_party',
  'visit',
  'handling',
  'course_event',
  'number_issue',
] as const

export interface Dataset {
  readonly dataDir: string
  /** The same rows in tables without capture, in a file with the same settings. */
  readonly plainFile: string
  /** Seconds it took, or null when it was there. */
  readonly madeIn: number | null
}

/** @param told hears what is going on, in Chinese */
export function datasetOf(root: string, matters: number, told: (line: string) => void): Dataset {
  const stamp = JSON.stringify([MADE_HOW, SCHEMAS, DERIVED_DDL, DERIVED_VERSION])
  const key = createHash('sha256').update(stamp).digest('hex').slice(0, 12)
  // Made where it stays: a folder that is moved opens as a copy, with another replica and no numbers.
  const folder = join(root, '.cache', `bench-${matters}-${key}`)
  const dataDir = join(folder, 'data')
  const plainFile = join(folder, 'plain.db')
  const whole = join(folder, 'whole')
  if (existsSync(whole)) return { dataDir, plainFile, madeIn: null }
  // What an older schema left, and what was cut off.
  const cache = join(root, '.cache')
  for (const old of existsSync(cache) ? readdirSync(cache) : [])
    if (old.startsWith(`bench-${matters}-`)) rmSync(join(cache, old), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const started = performance.now()
  const clock = demoClock(YEAR_BEGINS)
  const cost = { N: 2 ** 12, r: 8, p: 1 }
  const town = foundTown({ dataDir, clock, random: seededRandom('bench'), cost })
  try {
    for (const { connection } of town.stores.values()) connection.pragma('synchronous = OFF')
    const base = town.stores.get('base')
    if (base === undefined) throw new Error('base is not open')
    const copies = Math.max(1, Math.round(matters / WRITTEN))
    const written = Math.round(matters / copies)
    writeMatters(town, clock, chanceOf('bench'), written, (done) =>
      told(`已生成 ${done} / ${written} 件事项`),
    )
    if (copies > 1) cloneTown(base, copies - 1, told)
    copyPlain(base, plainFile)
    for (const { connection } of town.stores.values()) connection.pragma('synchronous = FULL')
  } finally {
    for (const store of town.stores.values()) closeStore(store)
  }
  writeFileSync(whole, stamp)
  return { dataDir, plainFile, madeIn: (performance.now() - started) / 1000 }
}

export function openPlain(file: string): Database.Database {
  const plain = connect(file, 'write')
  setKey(plain, PLAIN_KEY)
  setPragmas(plain, 'write')
  return plain
}

/** Equal tables, equal indexes, equal rows; no triggers. */
function copyPlain(base: Store, file: string): void {
  const plain = openPlain(file)
  const ddl = base.connection.prepare<[string], { sql: string }>(
    `SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC`,
  )
  plain.pragma('synchronous = OFF')
  plain.pragma('foreign_keys = OFF')
  for (const table of TABLES) {
    for (const { sql } of ddl.all(table)) plain.exec(sql)
    const rows = base.connection.prepare(`SELECT * FROM ${table}`).raw()
    const marks = rows.columns().map(() => '?')
    const insert = plain.prepare(`INSERT INTO ${table} VALUES (${marks.join(', ')})`)
    plain.exec('BEGIN')
    for (const row of rows.iterate()) insert.run(...(row as unknown[]))
    plain.exec('COMMIT')
  }
  plain.close()
}
