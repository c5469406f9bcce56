/**
 * Forks: two different changes under one (replica, sequence), because a folder was copied or rolled back and used on two
 * sides (DESIGN.md section 4, rule 0). The branch applied first stays, the other is parked whole, both are named.
 */
import type { ReadableDb, WritableDb } from '../handle'
import { sql } from '../sql'
import { storedChange } from './log'

const MARK = '另一份数据以同一副本的身份写过不同的记录（数据文件夹曾被复制后两边使用）'

/**
 * Notes that another branch exists of which nothing has come yet: sequence 0 among the parked. Until it comes,
 * this file asks for the replica's whole chain.
 */
export function markFork(db: WritableDb, replica: string, hash: string, at: number): void {
  db.run(sql`INSERT OR IGNORE INTO parked (replica, seq, hash, reason, message, change, at)
    VALUES (${replica}, 0, ${hash}, 'fork', ${MARK}, 'null', ${at})`)
}

/**
 * @returns whether something of a replica's other branch is still to come: a noted end, or what lies between the chain
 *   and a change that is parked
 */
export function isBranchAwaited(db: ReadableDb, replica: string): boolean {
  const awaited =
    db.get(sql`SELECT 1 FROM parked p WHERE p.replica = ${replica} AND p.reason = 'fork' AND CASE
    WHEN p.seq = 0 THEN NOT EXISTS
      (SELECT 1 FROM parked q WHERE q.replica = p.replica AND q.reason = 'fork' AND q.seq > 0 AND q.hash = p.hash)
    ELSE NOT EXISTS
      (SELECT 1 FROM parked q WHERE q.replica = p.replica AND q.seq = p.seq - 1 AND q.hash = p.change ->> '$.prev')
      AND NOT EXISTS
      (SELECT 1 FROM change c WHERE c.replica = p.replica AND c.seq = p.seq - 1 AND c.hash = p.change ->> '$.prev')
    END LIMIT 1`)
  return awaited !== undefined
}

/**
 * Compares the ends of chains that a peer's signed manifest states with the chains of this file.
 * @param at instant, ms
 * @returns replicas found forked
 */
export function noteForeignHeads(
  db: WritableDb,
  heads: Readonly<Record<string, { readonly seq: number; readonly hash: string }>>,
  at: number,
): string[] {
  const forked = Object.entries(heads).filter(([replica, head]) => {
    const mine = storedChange(db, replica, head.seq)
    return mine !== undefined && mine.hash !== head.hash
  })
  for (const [replica, head] of forked) markFork(db, replica, head.hash, at)
  return forked.map(([replica]) => replica)
}
