/** What services work with: an open compartment, who acts, and one transaction. */
import type Database from 'better-sqlite3'
import type { Clock, Random } from '../domain/clock'
import type { Compartment } from '../domain/compartments'
import type { Post } from '../domain/posts'
import type { ReadableDb, WritableDb } from './handle'

/** An open compartment file with the identity of its replica. */
export interface Store {
  readonly compartment: Compartment
  readonly connection: Database.Database
  readonly db: WritableDb
  readonly file: string
  readonly clock: Clock
  readonly random: Random
  /** This incarnation of the file (DESIGN.md section 4, rule 0). */
  readonly replica: string
  /** Random id of the centre, in every row's `org_id`. */
  readonly centreId: string
  /** Two digits, empty until the terminal has one: then no number is issued. */
  readonly terminalNumber: string
}

/** As much of a store as checking it needs: a reader's connection, which cannot write, serves as well. */
export type ReadableStore = Pick<Store, 'compartment' | 'connection' | 'centreId'> & {
  readonly db: ReadableDb
}

/** Who acts in a transaction. */
export interface Actor {
  readonly staffId: string
  /** Row of staff_post that gives the post: rule 13 checks it as of the change's own causal past. */
  readonly postRowId: string
  readonly post: Post
  /** 代录: the person whose act is typed, when it is not the actor's own. */
  readonly typedFor: string | null
  /** Account signature (base64url) over bytes; null where no key is at hand (absorbing, import). */
  readonly sign: ((bytes: Uint8Array) => string) | null
}

/** One transaction in the making. Captures itself; derived tables are refreshed at its end; nothing commits unsealed. */
export interface WriteTx extends WritableDb {
  readonly store: Store
  readonly actor: Actor
  /** Id of the transaction, the same in all its changes. */
  readonly txn: string
  /** Instant of the transaction, ms. */
  readonly now: number
  /** UUIDv7 from the store's clock and randomness. */
  newId(): string
}

/**
 * Who looks (DESIGN.md section 2): every query on a matter, person, visit or attachment takes one and joins its
 * aggregate's predicate before any limit.
 */
export interface Viewer {
  readonly staffId: string
  readonly post: Post
  readonly unitId: string | null
  /** Persons whose matters this staff member must not see: self, kin, same household. */
  readonly deniedPersonIds: readonly string[]
  /** Units the staff member is responsible in: complaints about them are refused. */
  readonly deniedUnitIds: readonly string[]
}
