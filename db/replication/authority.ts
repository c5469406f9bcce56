/**
 * Authority (DESIGN.md section 4, rule 13). In base every change names the row of staff_post that gave its actor the
 * post, and is judged as of its own causal past, so that the order of arrival cannot matter. The confidential files hold
 * no staff: whoever holds their key may write.
 *
 * The founding is where authority begins. It is the first transaction of the first replica; it makes the centre, the
 * first administrator and the post in whose name it is written, and is signed with the key it introduces itself. Which
 * replica founded is remembered in the file (`meta.founder`), by the founder at once and by a joining terminal with the
 * first changes it takes in, whose sender the check words confirmed; a second founding is parked.
 */
import type { Post } from '../../domain/posts'
import { AppError } from '../../domain/errors'
import type { ReadableDb, WritableDb } from '../handle'
import { tableOf } from '../schema'
import type { TableDecl } from '../schema/declare'
import { sql } from '../sql'
import type { Actor, Store } from '../store'
import type { ChangeRow } from './change'
import type { CaptureContext } from './seal'

/** Written by a terminal and not by a person: a file's new incarnation is introduced by the terminal's own signature. */
const BY_TERMINAL = new Set(['replica_intro'])

/** @returns whether a change to this table needs a post at all. */
export const needsPost = (table: string): boolean => !BY_TERMINAL.has(table)

/** @returns whether the declaration accepts this table's changes from a post. */
export const postMayWrite = (decl: TableDecl, post: string): boolean =>
  decl.posts === undefined || decl.posts.includes(post as Post)

/** @returns the replica that founded the centre, as this file knows it. */
export function founderOf(db: ReadableDb): string | undefined {
  return db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'founder'`)?.value
}

/** Remembers the founder; the first one stays. */
export function rememberFounder(db: WritableDb, replica: string): void {
  db.run(sql`INSERT OR IGNORE INTO meta (name, value) VALUES ('founder', ${replica})`)
}

const forbidden = (): AppError =>
  new AppError('FORBIDDEN', '您当前的岗位不能做这项修改，没有保存。请切换岗位或请有权限的同事办理。')

/**
 * Local half of rule 13: what an import elsewhere would park is refused here. Called before the work, so that the post
 * is judged as it was; the answer is called with the changes made.
 */
export function assertMayWrite(
  store: Store,
  actor: Actor,
  context: CaptureContext,
): (rows: readonly ChangeRow[]) => void {
  if (store.compartment !== 'base') return () => undefined
  const { db } = store
  if (context.seq === 0 && founderOf(db) === undefined)
    return (rows) => {
      if (rows.some((row) => row.tbl === 'centre')) rememberFounder(db, context.replica)
      else if (rows.length > 0) throw new Error('the founding makes the centre in its first transaction')
    }
  const given = db.get<{ staff_id: string; post: string; active: number }>(
    sql`SELECT staff_id, post, active FROM staff_post WHERE id = ${actor.postRowId}`,
  )
  const post = given?.active === 1 && given.staff_id === actor.staffId ? given.post : undefined
  return (rows) => {
    for (const [index, row] of rows.entries()) {
      if (!needsPost(row.tbl)) continue
      const decl = tableOf('base', row.tbl)
      if (post === undefined || decl === undefined || !postMayWrite(decl, post)) throw forbidden()
      // A post that is withdrawn in a transaction covers nothing that follows in it.
      const withdrawn = row.tbl === 'staff_post' && row.row_id === actor.postRowId
      if (withdrawn && index < rows.length - 1) throw forbidden()
    }
  }
}
