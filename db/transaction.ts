/** The one way to write: a transaction that captures itself, seals its changes and refreshes what is derived. */
import { AppError } from '../domain/errors'
import { refreshDerived, type Touched } from './derived/refresh'
import { classifyError, codeOf } from './errors'
import { noteDrawn } from './folder'
import { timeId } from './ids'
import { assertMayWrite } from './replication/authority'
import type { ChangeRow } from './replication/change'
import { projecting, settleGroup } from './replication/heads'
import { sealChanges, newChanges, type CaptureContext } from './replication/seal'
import { tableOf } from './schema'
import { sql } from './sql'
import type { Actor, Store, WriteTx } from './store'

/** Runs `work` between BEGIN IMMEDIATE and COMMIT; anything thrown rolls back. Never nested, never asynchronous. */
export function inTransaction<T>(store: Pick<Store, 'connection' | 'db'>, work: () => T): T {
  const { connection, db } = store
  if (connection.inTransaction) throw new Error('a transaction is open already')
  try {
    db.run(sql`BEGIN IMMEDIATE`)
    const result = work()
    if (result instanceof Promise) throw new Error('a transaction cannot wait')
    db.run(sql`COMMIT`)
    return result
  } catch (error) {
    if (connection.inTransaction) db.run(sql`ROLLBACK`)
    throw codeOf(error).startsWith('SQLITE_') ? classifyError(error) : error
  }
}

/** Raises the apply counter and says who acts. Refuses while the `applying` mark is set. */
function beginCapture(store: Store, actor: Actor, txn: string): CaptureContext {
  const context = store.db
    .get<CaptureContext>(sql`UPDATE capture_context SET counter = counter + 1, txn = ${txn},
    actor = ${actor.staffId}, typed_by = ${actor.typedFor ?? ''}, post = ${actor.postRowId}, deciding = ''
    WHERE applying = 0 RETURNING replica, seq, counter, seen`)
  if (context === undefined) throw new Error('capture is off at the start of a transaction')
  return context
}

/** Rows that a set of changes wrote, each once. */
export function touchedBy(rows: readonly { readonly tbl: string; readonly row_id: string }[]): Touched[] {
  const touched = new Map(rows.map((row) => [`${row.tbl} ${row.row_id}`, row]))
  return [...touched.values()].map((row) => ({ table: row.tbl, rowId: row.row_id }))
}

/** An edit leaves heads of another value standing: what is shown is then the rule's to say, not the last writer's. */
function settleEdits(tx: WriteTx, context: CaptureContext, rows: readonly ChangeRow[]): void {
  const written = rows.filter((row) => row.op === 'u')
  if (written.length === 0) return
  const groups = new Map(
    written.flatMap((row) =>
      Object.keys(JSON.parse(row.parents) as object).map((group) => [
        `${row.tbl} ${row.row_id} ${group}`,
        { table: row.tbl, row: row.row_id, group },
      ]),
    ),
  )
  const { db, compartment } = tx.store
  const pending = [...groups.values()].filter(
    ({ table, row, group }) =>
      db.get(sql`SELECT 1 FROM difference WHERE tbl = ${table} AND row_id = ${row} AND grp = ${group}`) !==
        undefined ||
      (db.get<{ n: number }>(
        sql`SELECT count(*) AS n FROM head WHERE tbl = ${table} AND row_id = ${row} AND grp = ${group}`,
      )?.n ?? 0) > 1,
  )
  if (pending.length === 0) return
  projecting(db, () => {
    for (const ref of pending) {
      const decl = tableOf(compartment, ref.table)
      if (decl) settleGroup({ db, counter: context.counter, now: tx.now }, decl, ref, 0)
    }
  })
}

/**
 * One captured transaction.
 * @param store the compartment it writes; no transaction spans two
 * @param actor who acts, in which post, and who signs
 * @param work reads and writes through `tx`; synchronous
 * @returns what `work` returns, after everything is on disk
 * @throws AppError FORBIDDEN when the actor's post may not make these changes (rule 13: the same check as on import),
 *   DISK_FULL and the like; nothing is saved then
 */
export function writeTx<T>(store: Store, actor: Actor, work: (tx: WriteTx) => T): T {
  let drewNumber = false
  const done = inTransaction(store, () => {
    const now = store.clock.now()
    const newId = (): string => timeId(store.clock, store.random)
    const txn = newId()
    const context = beginCapture(store, actor, txn)
    const tx: WriteTx = { ...store.db, store, actor, txn, now, newId }
    const mayWrite = assertMayWrite(store, actor, context)
    const result = work(tx)
    const rows = newChanges(store.db, context)
    mayWrite(rows)
    sealChanges(store, actor, context, rows)
    settleEdits(tx, context, rows)
    refreshDerived(tx, touchedBy(rows))
    assertSealed(store)
    drewNumber = rows.some((row) => row.tbl === 'number_issue')
    return result
  })
  if (drewNumber) noteDrawn(store)
  return done
}

function assertSealed(store: Store): void {
  if (store.db.get(sql`SELECT 1 FROM change WHERE digest IS NULL LIMIT 1`) !== undefined)
    throw new Error('a change is unsealed')
}

/**
 * A transaction of local tables only (drafts, settings of this terminal, audit, the exchange's books): it captures
 * nothing, so a write to a replicated table in it is an error.
 * @throws AppError DISK_FULL and the like; nothing is saved then
 */
export function localTx<T>(store: Pick<Store, 'connection' | 'db'>, work: () => T): T {
  return inTransaction(store, () => {
    const result = work()
    if (store.db.get(sql`SELECT 1 FROM change WHERE digest IS NULL LIMIT 1`) !== undefined)
      throw new AppError('UNEXPECTED', '程序出错了，这一步没有完成。已保存的内容都在，请再试一次。', {
        cause: new Error('a replicated table was written in a local transaction'),
      })
    return result
  })
}
