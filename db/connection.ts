/** Settings of a connection: key and pragmas, each set and read back (DESIGN.md section 6). */
import type Database from 'better-sqlite3'

export type OpenMode = 'write' | 'read'
type Connection = Database.Database

/** Names a raw 256-bit key to a connection. Nothing is read yet. */
export function setKey(connection: Connection, key: Uint8Array): void {
  if (key.length !== 32) throw new Error('a compartment key has 32 bytes')
  connection.pragma(`cipher = 'sqlcipher'`)
  connection.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`)
}

/** Encrypts the file anew under another raw key, in WAL mode too; the file's salt stays. */
export function changeKey(connection: Connection, key: Uint8Array): void {
  if (key.length !== 32) throw new Error('a compartment key has 32 bytes')
  connection.pragma(`rekey = "x'${Buffer.from(key).toString('hex')}'"`)
}

/** Value and what SQLite answers when asked back. `synchronous` matters at every open: WAL reopens with NORMAL. */
const PRAGMAS: readonly (readonly [string, string, string | number])[] = [
  ['temp_store', 'MEMORY', 2],
  ['trusted_schema', 'OFF', 0],
  ['recursive_triggers', 'ON', 1],
  ['foreign_keys', 'ON', 1],
  ['locking_mode', 'NORMAL', 'normal'],
  ['cell_size_check', 'ON', 1],
  ['fullfsync', 'ON', 1],
  ['checkpoint_fullfsync', 'ON', 1],
  ['busy_timeout', '5000', 5000],
]
const WRITER_PRAGMAS: typeof PRAGMAS = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
]

/**
 * Sets every pragma the design names and reads each back (DESIGN.md section 6). A reader's handle cannot write at all;
 * `query_only` would forbid it `VACUUM INTO` another file as well.
 * @throws Error naming the pragma that did not take: a program or library error, never a person's
 */
export function setPragmas(connection: Connection, mode: OpenMode): void {
  const wanted = mode === 'write' ? [...PRAGMAS, ...WRITER_PRAGMAS] : PRAGMAS
  for (const [name, value, expected] of wanted) {
    connection.pragma(`${name} = ${value}`)
    const got: unknown = connection.pragma(name, { simple: true })
    if (got !== expected) throw new Error(`pragma ${name} is ${String(got)}, not ${expected}`)
  }
}
