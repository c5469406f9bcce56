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
import { groupsOf, type TableDecl } from '../schema/declare'
import { sql } from '../sql'
import type { Actor, Store } from '../store'
import type { Body, Change, ChangeRow } from './change'
import { foldRow, valuesIn } from './fold'
import { changesOfRow, storedChange } from './log'
import { settleHeads, type Values } from './merge'
import type { CausalPast } from './past'
import type { CaptureContext } from './seal'
import { isSignedBy } from './signature'

/** Written by a terminal and not by a person: a file's new incarnation is introduced by the terminal's own signature. */
const BY_TERMINAL = new Set(['replica_intro'])

/** Whether a change to this table needs a post at all. */
const needsPost = (table: string): boolean => !BY_TERMINAL.has(table)

/** Whether the declaration accepts this table's changes from a post. */
const postMayWrite = (decl: TableDecl, post: string): boolean =>
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
  // Without a founder nobody has authority yet: the first transaction makes the centre and its administrator.
  if (founderOf(db) === undefined)
    return (rows) => {
      if (context.seq === 0 && rows.some((row) => row.tbl === 'centre')) rememberFounder(db, context.replica)
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

/** The founding transaction, as far as it has arrived. */
export interface Founding {
  readonly replica: string
  readonly txn: string
  /** Signing keys of the staff it introduces, by staff id. */
  readonly keys: ReadonlyMap<string, string>
}

const keyIn = (change: { readonly row: string; readonly body: Body | null }): [string, string] => [
  change.row,
  String(change.body?.['sign_public'] ?? ''),
]

/**
 * @param incoming changes about to be stored; the first founding among them becomes this file's when it has none
 * @returns the founding, or undefined while none has arrived
 */
export function foundingOf(
  store: Pick<Store, 'db' | 'centreId'>,
  incoming: readonly Change[],
): Founding | undefined {
  const { db } = store
  const offered = incoming.find(
    (change) => change.table === 'centre' && change.row === store.centreId && change.op === 'i',
  )
  const known = founderOf(db)
  const replica = known ?? offered?.replica
  if (replica === undefined) return undefined
  const founding = foundingBy(db, replica, incoming)
  if (founding !== undefined && known === undefined) rememberFounder(db, replica)
  return founding
}

/** @returns the founding this file knows, or undefined while none has arrived. Reads only. */
export function knownFounding(db: ReadableDb): Founding | undefined {
  const replica = founderOf(db)
  return replica === undefined ? undefined : foundingBy(db, replica, [])
}

function foundingBy(db: ReadableDb, replica: string, incoming: readonly Change[]): Founding | undefined {
  const txn =
    storedChange(db, replica, 1)?.txn ??
    incoming.find((change) => change.replica === replica && change.seq === 1)?.txn
  if (txn === undefined) return undefined
  const stored = db
    .all<{ row_id: string; body: string | null }>(
      sql`SELECT row_id, body FROM change WHERE replica = ${replica} AND txn = ${txn} AND tbl = 'staff' AND op = 'i'`,
    )
    .map((row) => keyIn({ row: row.row_id, body: row.body === null ? null : (JSON.parse(row.body) as Body) }))
  const arriving = incoming
    .filter(
      (change) =>
        change.replica === replica && change.txn === txn && change.table === 'staff' && change.op === 'i',
    )
    .map(keyIn)
  return { replica, txn, keys: new Map([...arriving, ...stored]) }
}

export interface Breach {
  readonly reason: 'authority'
  readonly message: string
}
const breach = (message: string): Breach => ({ reason: 'authority', message })

/** A row as the author's file showed it when the change was made. */
function rowInPast(db: ReadableDb, table: string, id: string, past: CausalPast): Values | undefined {
  const decl = tableOf('base', table)
  if (decl === undefined) return undefined
  return foldRow(
    decl,
    changesOfRow(db, table, id).filter((change) => past(change.replica, change.seq)),
  )?.values
}

/** A write that replaces values people had to decide between. */
function isDecision(db: ReadableDb, decl: TableDecl, change: Change): boolean {
  return [...groupsOf(decl)].some(([group, fields]) => {
    const parents = change.parents[group] ?? []
    if (parents.length < 2) return false
    const heads = parents.flatMap(([replica, seq]) => {
      const write = storedChange(db, replica, seq)
      if (write === undefined) return []
      const body = write.body === null ? null : (JSON.parse(write.body) as Body)
      return { replica, seq, lamport: write.lamport, values: valuesIn(decl, fields, body) }
    })
    return heads.length > 0 && settleHeads(decl, fields, heads).open.length > 0
  })
}

/**
 * Imported half of rule 13, for a change of base.
 * @param past the change's causal past
 * @returns undefined when its author might make it
 */
export function judgeAuthority(
  db: ReadableDb,
  founding: Founding | undefined,
  decl: TableDecl,
  change: Change,
  past: CausalPast,
): Breach | undefined {
  if (founding !== undefined && change.replica === founding.replica && change.txn === founding.txn)
    return decl.signed !== true || isSignedBy(change, founding.keys.get(change.actor) ?? '')
      ? undefined
      : breach('建立中心的记录没有有效签名')
  if (!needsPost(change.table)) return undefined
  const given = rowInPast(db, 'staff_post', change.post, past)
  if (given?.['active'] !== 1 || given['staff_id'] !== change.actor) return breach('录入人当时没有所称的岗位')
  const post = String(given['post'])
  if (!postMayWrite(decl, post)) return breach(`录入人当时的岗位不能修改“${decl.label}”`)
  const decision = isDecision(db, decl, change)
  if (decision && decl.deciders !== undefined && !decl.deciders.includes(post as Post))
    return breach(`录入人当时的岗位不能决定“${decl.label}”的不一致`)
  if (decl.signed !== true && !decision) return undefined
  const key = rowInPast(db, 'staff', change.actor, past)?.['sign_public']
  return isSignedBy(change, String(key ?? ''))
    ? undefined
    : breach(`对“${decl.label}”的修改没有本人的有效签名`)
}
