/** A `process` route that makes something once: the same requestId answers the stored result (DESIGN.md section 2). */
import { appendAudit, type AuditInput } from '../../../db/audit'
import { AppError } from '../../../domain/errors'
import { sql } from '../../../db/sql'
import type { Actor, Store, WriteTx } from '../../../db/store'
import { writeTx } from '../../../db/transaction'

interface Once<T> {
  readonly store: Store
  readonly actor: Actor
  readonly route: string
  readonly requestId: string
  /** The operation log's entry, written in the same transaction. */
  readonly audit: (result: T) => AuditInput
}

/** @returns the result stored under the requestId, or undefined. */
export function storedResult<T>({
  store,
  route,
  requestId,
}: Pick<Once<T>, 'store' | 'route' | 'requestId'>): T | undefined {
  const row = store.db.get<{ route: string; result: string }>(
    sql`SELECT route, result FROM form_result WHERE request_id = ${requestId}`,
  )
  if (row !== undefined && row.route !== route)
    throw new AppError('BAD_INPUT', '这张表单已经用过，请重新打开后再填。')
  return row === undefined ? undefined : (JSON.parse(row.result) as T)
}

/** Runs `work` in one captured transaction and stores its result with it. */
export function writeOnce<T>(once: Once<T>, work: (tx: WriteTx) => T): T {
  const known = storedResult<T>(once)
  if (known !== undefined) return known
  return writeTx(once.store, once.actor, (tx) => {
    const result = work(tx)
    tx.run(sql`INSERT INTO form_result (request_id, route, result, at)
      VALUES (${once.requestId}, ${once.route}, ${JSON.stringify(result)}, ${tx.now})`)
    appendAudit(once.store, once.audit(result))
    return result
  })
}
