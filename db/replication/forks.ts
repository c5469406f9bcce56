/**
 * Forks: two different changes under one (replica, sequence), because a folder was copied or rolled back and used on two
 * sides (DESIGN.md section 4, rule 0). The branch applied first stays, the other is parked whole, both are named.
 */
import type { ReadableDb, WritableDb } from '../handle'
import { sql } from '../sql'
import { storedChange } from './log'

const MARK = '另一份数据以同一副本的身份写过不同的记录（数据文件夹曾被复制后两边使用）'

/**
 * Notes that another branch exists of which nothing has come yet: sequence 0 among the parked. Until a change of it
 * comes, this file asks for the replica's whole chain.
 */
export function markFork(db: WritableDb, replica: string, hash: string, at: number): void {
  db.run(sql`INSERT OR IGNORE INTO parked (replica, seq, hash, reason, message, change, at)
    VALUES (${replica}, 0, ${hash}, 'fork', ${MARK}, 'null', ${at})`)
}

/** @returns whether a fork of this replica is known and nothing of its other branch has come. */
export function isBranchAwaited(db: ReadableDb, replica: string): boolean {
  const parked = db.get<{ marks: number; changes: number }>(
    sql`SELECT count(*) FILTER (WHERE seq = 0) AS marks, count(*) FILTER (WHERE seq > 0) AS changes
      FROM parked WHERE replica = ${replica} AND reason = 'fork'`,
  )
  return parked !== undefined && parked.marks > 0 && parked.changes === 0
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
