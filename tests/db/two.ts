/** Two or more terminals of one centre for the tests of replication, joined by a first exchange. */
import { applyChanges, type ApplyResult } from '../../db/replication/apply'
import { logicalDump } from '../../db/replication/dump'
import { changesSince, knownVector } from '../../db/replication/vector'
import type { Change } from '../../db/replication/change'
import { insertRow } from '../../db/rows'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { found, makeAccount, MATTER, openTerminal, PERSON, type Account } from '../convergence/terminal'

export const admin: Account = makeAccount('admin', 'administrator')
export const director: Account = makeAccount('director', 'director')
export const clerk: Account = makeAccount('clerk', 'clerk')
export const mediator: Account = makeAccount('mediator', 'mediator')

/** Gives one terminal what it does not know of another. */
export const send = (from: Store, to: Store): ApplyResult =>
  applyChanges(to, changesSince(from.db, knownVector(to.db)), { received: 1 })
export function exchange(a: Store, b: Store): void {
  send(a, b)
  send(b, a)
}
export const dump = (store: Store): string => [...logicalDump(store.db, store.compartment)].join('\n')
export const allChanges = (store: Store): Change[] => [...changesSince(store.db, {})]
export const person = (store: Store, id = 'p1'): Record<string, unknown> | undefined =>
  store.db.get(sql`SELECT * FROM person WHERE id = ${id}`)
export const differences = (store: Store): unknown[] =>
  store.db.all(sql`SELECT tbl, row_id, grp FROM difference ORDER BY tbl, row_id, grp`)

/** A founded centre on `count` terminals with one person `p1` and one matter `m1`. */
export function terminals(count: number): Store[] {
  const first = openTerminal('r1')
  found(first, admin, [director, clerk, mediator])
  writeTx(first, clerk.actor, (tx) => {
    insertRow(tx, 'person', PERSON, 'p1')
    insertRow(tx, 'matter', MATTER, 'm1')
  })
  const others = Array.from({ length: count - 1 }, (_, n) => openTerminal(`r${n + 2}`))
  for (const other of others) send(first, other)
  return [first, ...others]
}
export function pair(): [Store, Store] {
  const [a, b] = terminals(2)
  if (a === undefined || b === undefined) throw new Error('two were asked for')
  return [a, b]
}
