import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { changeKey, setKey } from '../../db/connection'
import { inMemory, runSchedule, schedule, type Medium } from './simulation'

/** Printed with every run; `MAOTIAO_SEED` repeats one. A failure prints the shrunk schedule. */
const seed = Number(process.env['MAOTIAO_SEED'] ?? Date.now() % 2 ** 31)

test('500 schedules of four terminals end with the same data', { timeout: 400_000 }, () => {
  console.info(`convergence: seed ${seed}`)
  fc.assert(
    fc.property(schedule, (steps) => {
      runSchedule(steps)
    }),
    { numRuns: Number(process.env['MAOTIAO_RUNS'] ?? 500), seed },
  )
})

const KEY = new Uint8Array(32).fill(7)

/** Encrypted files; a backup is `VACUUM INTO`, put back by opening it. */
function encrypted(folder: string): Medium {
  let files = 0
  const path = (): string => join(folder, `${files++}.db`)
  return {
    open: (terminal, bytes, incarnation) => {
      const file = path()
      if (bytes === undefined) {
        const plain = inMemory.open(terminal, undefined, incarnation)
        writeFileSync(file, plain.serialize())
        plain.close()
      } else writeFileSync(file, bytes)
      const connection = new Database(file)
      if (bytes === undefined) {
        // Said before the first key: otherwise the file is encrypted by the library's own default cipher.
        connection.pragma(`cipher = 'sqlcipher'`)
        changeKey(connection, KEY)
      } else setKey(connection, KEY)
      return connection
    },
    backup: (connection) => {
      const file = path()
      connection.prepare('VACUUM INTO ?').run(file)
      const bytes = readFileSync(file)
      expect(bytes.subarray(0, 6).toString()).not.toBe('SQLite')
      return bytes
    },
  }
}

test('the same on encrypted files', { timeout: 400_000 }, () => {
  console.info(`convergence on files: seed ${seed}`)
  fc.assert(
    fc.property(schedule, (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'maotiao-convergence-'))
      try {
        runSchedule(steps, encrypted(folder))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }),
    { numRuns: 10, seed },
  )
})
