import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canonicalOf } from '../../db/derived/person'
import { checkDerived, ensureDerived, rebuildDerived } from '../../db/derived/rebuild'
import { listMatters } from '../../db/queries/matter-list'
import { listVisits } from '../../db/queries/visit'
import { sql, type Sql } from '../../db/sql'
import { createTown, parsed, type Person, type Town } from '../helpers/town'

const TODAY = '2026-03-02'
let town: Town
let clerk: Person
beforeEach(() => {
  town = createTown('derived')
  clerk = town.staff('wang', 'clerk')
})
afterEach(() => {
  town.dispose()
})

const tables = (): unknown =>
  ['matter_state', 'handling_state', 'handling_mediator', 'person_key'].map((name) =>
    town.base.connection.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all(),
  )

it('is the same whether kept in step or rebuilt', () => {
  const made = town.register(clerk, { opponents: [{ name: '李四' }], category: '0101' })
  town.steer(clerk, made.matterId, town.handlingOf(made.matterId), 'accepted')
  const kept = tables()
  expect(checkDerived(town.base)).toEqual([])
  rebuildDerived(town.base)
  expect(tables()).toEqual(kept)
  expect(checkDerived(town.base)).toEqual([])
})

it('is checked: a changed, a missing and a surplus row are named', () => {
  const { matterId } = town.register(clerk, {})
  const { connection } = town.base
  connection.prepare(`UPDATE matter_state SET state = 'closed'`).run()
  expect(checkDerived(town.base)).toEqual([`派生数据不符：matter_state ${matterId}`])
  connection.prepare('DELETE FROM matter_state').run()
  expect(checkDerived(town.base)).toEqual([`派生数据缺失：matter_state ${matterId}`])
  connection.prepare(`INSERT INTO person_key VALUES ('nobody', 'nobody', '')`).run()
  expect(checkDerived(town.base)).toContain('派生数据多出：person_key nobody')
  connection.prepare('DELETE FROM search_text WHERE rowid = 1').run()
  expect(checkDerived(town.base)).toContain('检索索引有 1 条不符')
  rebuildDerived(town.base)
  expect(checkDerived(town.base)).toEqual([])
})

it('is rebuilt at opening when the stamp is of another version', () => {
  town.register(clerk, {})
  const { connection } = town.base
  connection.prepare('DELETE FROM matter_state').run()
  ensureDerived(town.base)
  expect(checkDerived(town.base)).toHaveLength(1)
  connection.prepare(`UPDATE meta SET value = 'older' WHERE name = 'derived_version'`).run()
  ensureDerived(town.base)
  expect(checkDerived(town.base)).toEqual([])
})

it('captures nothing', () => {
  town.register(clerk, {})
  const count = (): unknown => town.base.db.get(sql`SELECT count(*) AS n, max(lamport) AS l FROM change`)
  const before = count()
  rebuildDerived(town.base)
  expect(count()).toEqual(before)
})

describe('merged persons', () => {
  const alias = (from: string, to: string): string =>
    clerk.write((tx) => {
      const id = tx.newId()
      tx.run(sql`INSERT INTO person_alias (id, org_id, from_id, to_id, voided)
        VALUES (${id}, ${town.centreId}, ${from}, ${to}, 0)`)
      return id
    })
  const canonical = (id: string): string | undefined =>
    town.base.db.get<{ canonical_id: string }>(
      sql`SELECT canonical_id FROM person_key WHERE person_id = ${id}`,
    )?.canonical_id

  it('follow chains, end in circles and come apart when the alias is voided', () => {
    const [a, b, c] = ['甲', '乙', '丙'].map(
      (name) => town.register(clerk, { person: { create: { name } } }).personId,
    )
    if (a === undefined || b === undefined || c === undefined) throw new Error('three people')
    const first = alias(a, b)
    alias(b, c)
    expect([a, b, c].map(canonical)).toEqual([c, c, c])
    const circle = alias(c, a)
    const smallest = [a, b, c].sort()[0]
    expect([a, b, c].map((id) => canonicalOf(town.base.db, id))).toEqual([smallest, smallest, smallest])
    expect([a, b, c].map(canonical)).toEqual([smallest, smallest, smallest])
    // Two desks that merged the same person into two others: everybody is one, under the smaller id.
    const [d, e, f] = ['丁', '戊', '己'].map(
      (name) => town.register(clerk, { person: { create: { name } } }).personId,
    )
    if (d === undefined || e === undefined || f === undefined) throw new Error('three people')
    alias(d, f)
    alias(d, e)
    const kept = [e, f].sort()[0]
    expect([d, e, f].map(canonical)).toEqual([kept, kept, kept])
    clerk.write((tx) => {
      tx.run(sql`UPDATE person_alias SET voided = 1 WHERE id IN (${circle}, ${first})`)
    })
    expect([a, b, c].map(canonical)).toEqual([a, c, c])
    expect(checkDerived(town.base)).toEqual([])
  })
})

describe('lists', () => {
  /** Plans of everything a query asks, as SQLite would run it. */
  function plansOf(work: (db: Town['base']['db']) => unknown): string[] {
    const plans: string[] = []
    const { db, connection } = town.base
    const seen = (query: Sql): void => {
      const rows = connection.prepare(`EXPLAIN QUERY PLAN ${query.text}`).all(...query.params) as {
        detail: string
      }[]
      plans.push(...rows.map((row) => row.detail))
    }
    work({
      ...db,
      all: (query) => {
        seen(query)
        return db.all(query)
      },
      get: (query) => {
        seen(query)
        return db.get(query)
      },
    })
    return plans
  }
  const scans = (plans: readonly string[]): string[] =>
    plans.filter((plan) => /^SCAN (s|v|p|d|matter_state|visit|person|handling_state)\b/.test(plan))
  const list = (input: object): string[] =>
    plansOf((db) => listMatters(db, clerk.viewer(), parsed('matter.list', input), TODAY))

  it('walk an index in order: no table is scanned and nothing sorted', () => {
    const after = '1772000000000~0'
    for (const input of [{}, { after }, { order: 'due' }, { order: 'due', after: '2026-03-09~0' }]) {
      const plans = list(input)
      expect(plans.join('\n')).not.toContain('TEMP B-TREE FOR ORDER BY')
      expect(scans(plans).filter((plan) => !plan.includes('USING'))).toEqual([])
    }
    expect(list({ states: ['registered'] }).join('\n')).toContain('matter_state_state')
    expect(list({ order: 'due', due: 'late' }).join('\n')).toContain('matter_state_due')
    expect(list({ text: '水' }).join('\n')).toContain('VIRTUAL TABLE')
    const visits = plansOf((db) =>
      listVisits(db, clerk.viewer(), { from: TODAY, to: TODAY, after: null, limit: 50 }, TODAY),
    )
    expect(visits.join('\n')).toContain('visit_arrived_on_arrived_at')
  })
})
