/**
 * The causal past of a change: what its author's file knew when it was written. Every change states in `seen` what was
 * learned of others since its author's previous one; the sum up to a change is its version vector.
 */
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import { seenOf } from './change'

export interface CausalPast {
  /** Whether the write (replica, seq) was known when the change was made. */
  (replica: string, seq: number): boolean
}

interface Position {
  readonly seq: number
  readonly seen: ReadonlyMap<string, number>
}

/**
 * Answers for one file; remembers where it was for each author, so that going through a chain in order costs one look
 * at each change.
 */
export function pastReader(db: ReadableDb): (replica: string, seq: number) => CausalPast {
  const positions = new Map<string, Position>()
  const seenUpTo = (replica: string, seq: number): ReadonlyMap<string, number> => {
    const known = positions.get(replica)
    const from = known !== undefined && known.seq <= seq ? known : { seq: 0, seen: new Map<string, number>() }
    const rows = db.all<{ seen: string }>(
      sql`SELECT seen FROM change WHERE replica = ${replica} AND seq > ${from.seq} AND seq <= ${seq} AND seen <> '' ORDER BY seq`,
    )
    const learned = rows.flatMap((row) => seenOf(row.seen)).map(([other, last]) => [other, last] as const)
    const seen = learned.length === 0 ? from.seen : new Map([...from.seen, ...learned])
    positions.set(replica, { seq, seen })
    return seen
  }
  return (replica, seq) => {
    const seen = seenUpTo(replica, seq)
    return (other, last) => (other === replica ? last < seq : (seen.get(other) ?? 0) >= last)
  }
}
