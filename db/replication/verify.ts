/** `verify`: chains, signatures and authority, every row against its changes, every derived row against its rows. */
import { verifyAudit } from '../audit'
import { checkDerived } from '../derived/rebuild'
import type { ReadableDb } from '../handle'
import { SCHEMAS, tableOf } from '../schema'
import { ident, sql } from '../sql'
import type { ReadableStore } from '../store'
import { knownFounding } from './authority'
import { canonical, digestOf } from './canonical'
import { changeOf, headerHash, type ChangeRow } from './change'
import { foldRow, type FoldedRow } from './fold'
import { judge, type JudgeContext } from './judge'
import { NOT_PARKED } from './log'
import type { Values } from './merge'
import { pastReader } from './past'

/** Each replica's chain: no hole, every hash and digest right, the end the one that is remembered. */
function* checkChains(db: ReadableDb): Generator<string> {
  const ends = new Map<string, { seq: number; hash: string }>()
  for (const row of db.iterate<ChangeRow>(sql`SELECT * FROM change ORDER BY replica, seq`)) {
    const before = ends.get(row.replica) ?? { seq: 0, hash: '' }
    const where = `${row.replica} 第 ${row.seq} 号`
    if (row.seq !== before.seq + 1) yield `变更链缺号：${where}`
    if (row.prev !== before.hash) yield `变更链断开：${where}`
    if (row.digest === null || row.hash === null || headerHash(changeOf(row)) !== row.hash)
      yield `变更头被改动：${where}`
    else if (row.body !== null && digestOf(row.salt ?? '', canonical(JSON.parse(row.body))) !== row.digest)
      yield `变更内容被改动：${where}`
    ends.set(row.replica, { seq: row.seq, hash: row.hash ?? '' })
  }
  const known = db.all<{ replica: string; seq: number; hash: string }>(
    sql`SELECT replica, seq, hash FROM known_replica WHERE seq > 0`,
  )
  for (const { replica, seq, hash } of known) {
    const end = ends.get(replica)
    if (end?.seq !== seq || end.hash !== hash) yield `变更链末端不符：${replica}`
    ends.delete(replica)
  }
  for (const replica of ends.keys()) yield `变更链末端未登记：${replica}`
}

/** Every change is judged again; what is parked must be what does not count. */
function* checkJudgements(store: ReadableStore): Generator<string> {
  const { db, compartment } = store
  const pastOf = pastReader(db)
  const context: JudgeContext = {
    store,
    db,
    founding: compartment === 'base' ? knownFounding(db) : undefined,
  }
  const rows = db.iterate<ChangeRow & { parked: number }>(
    sql`SELECT c.*, NOT ${NOT_PARKED} AS parked FROM change c ORDER BY c.lamport, c.replica`,
  )
  for (const row of rows) {
    const verdict = judge(context, changeOf(row), pastOf(row.replica, row.seq))
    const counts = verdict === 'counts' || verdict === 'unknown'
    if (counts === (row.parked === 1))
      yield `变更的效力不符：${row.replica} 第 ${row.seq} 号${counts ? '' : `（${verdict.message}）`}`
  }
}

/** Folded rows of a table, by id. */
function* foldedRows(
  db: ReadableDb,
  table: string,
): Generator<{ id: string; changes: readonly ChangeRow[] }> {
  let changes: ChangeRow[] = []
  const rows = db.iterate<ChangeRow>(
    sql`SELECT c.* FROM change c WHERE c.tbl = ${table} AND ${NOT_PARKED} ORDER BY c.row_id, c.lamport, c.replica`,
  )
  for (const row of rows) {
    const id = changes[0]?.row_id
    if (id !== undefined && id !== row.row_id) {
      yield { id, changes }
      changes = []
    }
    changes.push(row)
  }
  const last = changes[0]?.row_id
  if (last !== undefined) yield { id: last, changes }
}

function headsDiffer(db: ReadableDb, table: string, id: string, folded: FoldedRow): boolean {
  const heads = db.all<{ grp: string; replica: string; seq: number; shown: number }>(
    sql`SELECT grp, replica, seq, shown FROM head WHERE tbl = ${table} AND row_id = ${id}`,
  )
  return [...folded.groups].some(([group, { heads: wanted, settled }]) => {
    const own = heads.filter((head) => head.grp === group)
    const present = own.length > 0 ? own : heads.filter((head) => head.grp === '')
    if (present.length !== wanted.length) return true
    return wanted.some((head) => {
      const found = present.find((one) => one.replica === head.replica && one.seq === head.seq)
      return found === undefined || (found.shown === 1) !== settled.settled.has(head)
    })
  })
}

function* checkTable(db: ReadableDb, store: ReadableStore, table: string): Generator<string> {
  const decl = tableOf(store.compartment, table)
  if (decl === undefined) return
  for (const { id, changes } of foldedRows(db, table)) {
    const folded = foldRow(decl, changes)
    const row = db.get<Values>(sql`SELECT * FROM ${ident(table)} WHERE id = ${id}`)
    const where = `${decl.label} ${id}`
    if (folded === undefined) {
      if (row !== undefined) yield `记录没有来历：${where}`
      continue
    }
    if (row === undefined) yield `记录缺失：${where}`
    else if (Object.entries(folded.values).some(([name, value]) => row[name] !== value))
      yield `记录与变更不符：${where}`
    if (headsDiffer(db, table, id, folded)) yield `记录的版本标记不符：${where}`
    yield* checkListed(db, table, id, folded, where)
  }
}

function* checkListed(
  db: ReadableDb,
  table: string,
  id: string,
  folded: FoldedRow,
  where: string,
): Generator<string> {
  const listed = db.all<{ grp: string }>(
    sql`SELECT grp FROM difference WHERE tbl = ${table} AND row_id = ${id} ORDER BY grp`,
  )
  const open = [...folded.groups].filter(([, { settled }]) => settled.open.length > 0).map(([group]) => group)
  if (open.sort().join() !== listed.map(({ grp }) => grp).join()) yield `不一致清单不符：${where}`
}

/**
 * Checks a compartment's file from the pages up. Reads only.
 * @returns one Chinese line per deviation; none when all is well
 */
export function verifyStore(store: ReadableStore): string[] {
  const { db, connection } = store
  const integrity = connection.pragma('integrity_check') as readonly { readonly integrity_check: string }[]
  const pages = integrity
    .filter((row) => row.integrity_check !== 'ok')
    .map((row) => `数据页损坏：${row.integrity_check}`)
  const audit = verifyAudit(db)
  const tables = Object.keys(SCHEMAS[store.compartment])
  return [
    ...pages,
    ...checkChains(db),
    ...checkJudgements(store),
    ...tables.flatMap((table) => [...checkTable(db, store, table)]),
    ...checkDerived(store),
    ...(audit === null ? [] : [`操作日志链断开：第 ${audit} 条`]),
  ]
}
