/** Knowledge as a version vector (DESIGN.md section 4, rule 9), and the changes beyond one. */
import type { Vector } from '../../domain/contract/package'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import { changeOf, type Change, type ChangeRow } from './change'
import { isBranchAwaited } from './forks'
import { compareOrder } from './merge'

/** End of a replica's chain as this file knows it. `signature`: its author's, over replica, seq and hash. */
export interface ChainHead {
  readonly replica: string
  readonly seq: number
  readonly hash: string
  readonly lamport: number
  readonly signature: string | null
}

/** @returns the known end of every replica's chain. */
export function chainHeads(db: ReadableDb): ChainHead[] {
  return db.all(
    sql`SELECT replica, seq, hash, lamport, signature FROM known_replica WHERE seq > 0 ORDER BY replica`,
  )
}

/**
 * @returns the highest sequence known without a hole, by replica. A replica whose chain forked is listed at 0
 *   until the other branch has come, so that peers send it whole.
 */
export function knownVector(db: ReadableDb): Vector {
  return Object.fromEntries(
    chainHeads(db).map(({ replica, seq }) => [replica, isBranchAwaited(db, replica) ? 0 : seq]),
  )
}

/**
 * The changes beyond a vector, causes before effects, streamed: one iterator per author, merged by order.
 * @param limitBytes stop, at the end of a transaction, after about so many bytes of bodies; what was given so far can be
 *   applied without the rest
 */
export function* changesSince(
  db: ReadableDb,
  vector: Vector,
  { limitBytes = Number.POSITIVE_INFINITY }: { readonly limitBytes?: number } = {},
): Generator<Change, void> {
  const chains = chainHeads(db)
    .filter(({ replica, seq }) => seq > (vector[replica] ?? 0))
    .map(({ replica }) =>
      db.iterate<ChangeRow>(
        sql`SELECT * FROM change WHERE replica = ${replica} AND seq > ${vector[replica] ?? 0} ORDER BY seq`,
      ),
    )
  const fronts = chains.map((chain) => chain.next())
  let bytes = 0
  let txn = ''
  try {
    for (;;) {
      let first = -1
      for (const [index, front] of fronts.entries()) {
        const best = fronts[first]
        if (
          front.done !== true &&
          (best === undefined || best.done === true || compareOrder(front.value, best.value) < 0)
        )
          first = index
      }
      const front = fronts[first]
      const chain = chains[first]
      if (front === undefined || chain === undefined || front.done === true) return
      if (bytes >= limitBytes && front.value.txn !== txn) return
      txn = front.value.txn
      bytes += (front.value.body?.length ?? 0) + 600
      yield changeOf(front.value)
      fronts[first] = chain.next()
    }
  } finally {
    for (const chain of chains) chain.return?.()
  }
}
