import type Database from 'better-sqlite3'

/**
 * One step of a compartment's schema. `version` in tens; `up` runs inside the runner's transaction, uncaptured, with
 * foreign keys off, and depends on the rows alone: nothing is imported from outside `db/migrations`.
 */
export interface Migration {
  readonly version: number
  readonly up: (connection: Database.Database) => void
}
