/** Where the time of a slow route goes: its statements with their times and plans. */
import type { Sql } from '../../db/sql'
import type { Desk } from './desk'

interface Seen {
  ms: number
  runs: number
  params: Sql['params']
}

const MOST = 6
const MOST_PLAN = 12

/** Runs `work` once with every statement of the handle timed. @returns lines for people */
export async function explained(desk: Desk, work: () => unknown): Promise<string[]> {
  const { db, connection } = desk.base
  const seen = new Map<string, Seen>()
  const plain = { ...db }
  const timed = <T>(query: Sql, run: () => T): T => {
    const before = performance.now()
    const result = run()
    const one = seen.get(query.text) ?? { ms: 0, runs: 0, params: query.params }
    one.ms += performance.now() - before
    one.runs += 1
    seen.set(query.text, one)
    return result
  }
  Object.assign(db, {
    all: (query: Sql) => timed(query, () => plain.all(query)),
    get: (query: Sql) => timed(query, () => plain.get(query)),
    run: (query: Sql) => timed(query, () => plain.run(query)),
  })
  const before = performance.now()
  try {
    await work()
  } finally {
    Object.assign(db, plain)
  }
  const whole = performance.now() - before
  const slowest = [...seen].sort(([, a], [, b]) => b.ms - a.ms).slice(0, MOST)
  const inSql = [...seen.values()].reduce((sum, one) => sum + one.ms, 0)
  return [
    `  共 ${whole.toFixed(1)} 毫秒，其中 SQL ${inSql.toFixed(1)} 毫秒，${seen.size} 种语句`,
    ...slowest.flatMap(([text, one]) => [
      `  ${one.ms.toFixed(2)} 毫秒 ×${one.runs}  ${text.replace(/\s+/g, ' ').slice(0, 160)}`,
      ...planOf(connection, text, one.params),
    ]),
  ]
}

function planOf(connection: Desk['base']['connection'], text: string, params: Sql['params']): string[] {
  if (!/^\s*(SELECT|UPDATE|DELETE|INSERT)/i.test(text)) return []
  const rows = connection.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...params) as { detail: string }[]
  return rows.slice(0, MOST_PLAN).map((row) => `      ${row.detail}`)
}
