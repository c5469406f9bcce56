/** What other parts do at every opening, in one place, so that `open.ts` knows none of them. */
import type Database from 'better-sqlite3'
import type { Compartment } from '../domain/compartments'
import { ensureDerived } from './derived/rebuild'
import { ensureShipped } from './joining/seed'
import { assertCapture } from './replication/capture'
import { ensureProjected } from './replication/reproject'
import type { Store } from './store'

/** After migrations, before anything else writes: capture triggers are re-asserted from the declaration. */
export function afterSchema(connection: Database.Database, compartment: Compartment): void {
  assertCapture(connection, compartment)
}

/** After the identity is known: shipped rows, rows that an older version could not read, derived tables. */
export function afterOpen(store: Store): void {
  if (store.compartment === 'base') ensureShipped(store)
  ensureProjected(store)
  ensureDerived(store)
}
