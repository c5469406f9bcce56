/** Taking in changes of other files: idempotent, one transaction, in any order; never fails because of data. */
import type { WritableDb } from '../handle'
import { refreshDerived } from '../derived/refresh'
import { tableOf } from '../schema'
import { sql } from '../sql'
import type { Store } from '../store'
import { inTransaction, touchedBy } from '../transaction'
import { foundingOf } from './authority'
import { canonical, digestOf } from './canonical'
import { headerHash, seenOf, type Change } from './change'
import { markFork } from './forks'
import { projecting } from './heads'
import { judge, type JudgeContext } from './judge'
import { park, storeChange, storedChange } from './log'
import { compareOrder } from './merge'
import { parseChange } from './parse'
import { pastReader } from './past'
import { projectChange } from './project'

export interface ApplyResult {
  /** Changes that are in the file now and were not before, parked ones among the chain included. */
  readonly applied: number
  readonly already: number
  /** Kept aside, named and listed; never projected as they are. */
  readonly parked: number
  /** Whose predecessors have not arrived: nothing of them was kept, give them again later. */
  readonly waiting: number
  /** Differences that this import opened. */
  readonly differences: number
  /** Replicas whose chain was found forked: a copied folder was used on two sides. */
  readonly forked: readonly string[]
  /**
   * Changes came back that this file had written and lost (it was rolled back unnoticed). They are in it again; the
   * caller must give the file a new replica id before anything is written.
   */
  readonly rolledBack: boolean
}

interface Known {
  seq: number
  hash: string
  lamport: number
}

type Placed = 'applied' | 'already' | 'parked' | 'parked_aside' | 'waiting'

interface Import {
  readonly db: WritableDb
  readonly known: Map<string, Known>
  readonly received: number
  readonly counter: number
  readonly forked: Set<string>
  /** Replicas that advanced. */
  readonly advanced: Set<string>
  readonly judgeStored: (change: Change) => 'projected' | 'kept' | 'parked'
}

function knownOf(job: Import, replica: string): Known {
  const known = job.known.get(replica) ??
    job.db.get<Known>(sql`SELECT seq, hash, lamport FROM known_replica WHERE replica = ${replica}`) ?? {
      seq: 0,
      hash: '',
      lamport: 0,
    }
  job.known.set(replica, known)
  return known
}

function parkFork(job: Import, change: Change, message: string): Placed {
  park(job.db, change, 'fork', message, job.received)
  job.forked.add(change.replica)
  return 'parked_aside'
}

/** Whether everything the author had seen is here; a fork under one of those names is noticed and named. */
function hasArrived(job: Import, change: Change): boolean {
  return change.seen.every(([replica, seq, hash]) => {
    if (knownOf(job, replica).seq < seq) return false
    if (storedChange(job.db, replica, seq)?.hash === hash) return true
    markFork(job.db, replica, hash, job.received)
    job.forked.add(replica)
    return false
  })
}

/** Puts one change where it belongs. */
function place(job: Import, change: Change): Placed {
  const known = knownOf(job, change.replica)
  const hash = headerHash(change)
  if (change.seq <= known.seq) {
    if (storedChange(job.db, change.replica, change.seq)?.hash === hash) return 'already'
    return parkFork(job, change, '同一副本的同一序号有两条不同的记录（数据文件夹曾被复制后两边使用）')
  }
  if (change.seq > known.seq + 1) return 'waiting'
  if (change.prev !== known.hash)
    return parkFork(job, change, '接在另一分支之后的记录（数据文件夹曾被复制后两边使用）')
  if (!hasArrived(job, change)) return 'waiting'
  if (change.body !== null && digestOf(change.salt ?? '', canonical(change.body)) !== change.digest) {
    park(job.db, change, 'altered', '内容与其校验值不符，请让对方重新导出', job.received)
    return 'parked_aside'
  }
  storeChange(job.db, change, hash, job.counter)
  job.known.set(change.replica, { seq: change.seq, hash, lamport: change.lamport })
  job.advanced.add(change.replica)
  return job.judgeStored(change) === 'parked' ? 'parked' : 'applied'
}

/** Order first, then again for what an author's odd numbering put too early, until nothing moves. */
function placeAll(job: Import, changes: readonly Change[]): Record<Placed, number> {
  const count = { applied: 0, already: 0, parked: 0, parked_aside: 0, waiting: 0 }
  let pending = [...changes].sort((a, b) => compareOrder(a, b) || a.seq - b.seq)
  for (;;) {
    const waiting: Change[] = []
    for (const change of pending) {
      const placed = place(job, change)
      if (placed === 'waiting') waiting.push(change)
      else count[placed]++
    }
    if (waiting.length === 0 || waiting.length === pending.length) {
      count.waiting = waiting.length
      return count
    }
    pending = waiting
  }
}

/** What the next own change will state as newly seen. */
function mergeSeen(before: string, own: string, job: Import): string {
  const seen = new Map(seenOf(before).map((ref) => [ref[0], ref]))
  for (const replica of job.advanced) {
    const known = job.known.get(replica)
    if (replica !== own && known) seen.set(replica, [replica, known.seq, known.hash])
  }
  return seen.size === 0 ? '' : canonical([...seen.values()].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function rememberKnown(job: Import): void {
  for (const replica of job.advanced) {
    const known = job.known.get(replica)
    if (known === undefined) continue
    job.db.run(sql`INSERT INTO known_replica (replica, seq, hash, lamport, mine, signature)
      VALUES (${replica}, ${known.seq}, ${known.hash}, ${known.lamport}, 0, NULL)
      ON CONFLICT (replica) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, lamport = excluded.lamport, signature = NULL`)
  }
}

interface Context {
  readonly replica: string
  readonly seq: number
  readonly counter: number
  readonly seen: string
}

function endImport(job: Import, context: Context): boolean {
  rememberKnown(job)
  const lamport = Math.max(0, ...[...job.advanced].map((replica) => job.known.get(replica)?.lamport ?? 0))
  const own = job.known.get(context.replica)?.seq ?? 0
  job.db.run(sql`UPDATE capture_context SET lamport = max(lamport, ${lamport}), seq = max(seq, ${own}),
    seen = ${mergeSeen(context.seen, context.replica, job)}`)
  return own > context.seq
}

/**
 * Applies changes in one transaction. The same ones again change nothing; what is not a change at all is counted as
 * parked.
 * @param changes as a package holds them, parsed JSON, in any order
 * @param received instant, ms: dates the entries of the lists
 * @throws AppError DISK_FULL and the like, never because of what the changes say; nothing is kept then
 */
export function applyChanges(
  store: Store,
  changes: Iterable<unknown>,
  { received }: { readonly received: number },
): ApplyResult {
  const parsed = [...changes].map(parseChange)
  const valid = parsed.filter((change) => change !== undefined)
  const { db } = store
  return inTransaction(store, () => {
    const context = db.get<Context>(
      sql`UPDATE capture_context SET counter = counter + 1 WHERE applying = 0 RETURNING replica, seq, counter, seen`,
    )
    if (context === undefined) throw new Error('capture is off at the start of an import')
    const written: { tbl: string; row_id: string }[] = []
    let differences = 0
    const pastOf = pastReader(db)
    const judgeContext: JudgeContext = {
      store,
      db,
      founding: store.compartment === 'base' ? foundingOf(store, valid) : undefined,
    }
    const projection = { db, counter: context.counter, now: received }
    const job: Import = {
      db,
      known: new Map(),
      received,
      counter: context.counter,
      forked: new Set(),
      advanced: new Set(),
      judgeStored: (change) => {
        const verdict = judge(judgeContext, change, pastOf(change.replica, change.seq))
        if (verdict === 'unknown') return 'kept'
        if (verdict !== 'counts') {
          park(db, change, verdict.reason, verdict.message, received)
          return 'parked'
        }
        const decl = tableOf(store.compartment, change.table)
        if (decl) differences += projectChange(projection, decl, change)
        written.push({ tbl: change.table, row_id: change.row })
        return 'projected'
      },
    }
    const count = projecting(db, () => placeAll(job, valid))
    const rolledBack = endImport(job, context)
    refreshDerived({ ...db, store }, touchedBy(written))
    return {
      applied: count.applied + count.parked,
      already: count.already,
      parked: count.parked + count.parked_aside + parsed.length - valid.length,
      waiting: count.waiting,
      differences,
      forked: [...job.forked].sort(),
      rolledBack,
    }
  })
}
