/** The convergence test finds bugs that are planted on purpose: each of these was a plausible way to write it. */
import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type * as heads from '../../db/replication/heads'
import type * as past from '../../db/replication/past'
import type * as project from '../../db/replication/project'
import { ident, sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { runSchedule, schedule } from './simulation'

type Bug = 'none' | 'drop_parent' | 'arrival_wins' | 'authority_now' | 'apply_twice'
const planted = vi.hoisted(() => ({ bug: 'none' }))

/** An edit leaves the last head standing that it replaces. */
vi.mock('../../db/replication/heads', async (original) => {
  const real = await original<typeof heads>()
  const replaceHeads: typeof real.replaceHeads = (projection, ref, parents, write) => {
    real.replaceHeads(projection, ref, planted.bug === 'drop_parent' ? parents.slice(1) : parents, write)
  }
  return { ...real, replaceHeads }
})

/** What arrives last is shown; or a change is taken in twice. */
vi.mock('../../db/replication/project', async (original) => {
  const real = await original<typeof project>()
  const projectChange: typeof real.projectChange = (projection, decl, change) => {
    const opened = real.projectChange(projection, decl, change)
    if (planted.bug === 'arrival_wins' && change.op === 'u')
      for (const [name, value] of Object.entries(change.body ?? {}))
        projection.db.run(
          sql`UPDATE ${ident(change.table)} SET ${ident(name)} = ${value} WHERE id = ${change.row}`,
        )
    return planted.bug === 'apply_twice' && change.op === 'u'
      ? real.projectChange(projection, decl, change)
      : opened
  }
  return { ...real, projectChange }
})

/** Authority is judged by what the receiver knows now and not by what the author knew then. */
vi.mock('../../db/replication/past', async (original) => {
  const real = await original<typeof past>()
  const pastReader: typeof real.pastReader = (db) =>
    planted.bug === 'authority_now' ? () => () => true : real.pastReader(db)
  return { ...real, pastReader }
})

/** The order number comes from the machine's clock. */
function lamportFromClock(store: Store): void {
  const triggers = store.db.all<{ name: string; sql: string }>(
    sql`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%lamport + 1%'`,
  )
  for (const { name, sql: text } of triggers) {
    store.connection.exec(`DROP TRIGGER ${name}`)
    store.connection.exec(text.replace('lamport = lamport + 1', `lamport = ${store.clock.now()} + seq`))
  }
}

/** @returns the message of the first schedule that ends in disagreement, or undefined if none of 300 does */
function found(bug: Bug, prepare?: (store: Store) => void): string | undefined {
  planted.bug = bug
  try {
    const outcome = fc.check(
      fc.property(schedule, (steps) => {
        runSchedule(steps, undefined, prepare)
      }),
      { numRuns: 300, seed: 42, endOnFailure: true },
    )
    return outcome.failed ? String(outcome.errorInstance) : undefined
  } finally {
    planted.bug = 'none'
  }
}

test('nothing is found where nothing is planted', () => {
  runSchedule([])
  expect(planted.bug).toBe('none')
})
test('an edit that drops a parent is found', { timeout: 200_000 }, () => {
  expect(found('drop_parent')).toMatch(/differs/)
})
test('the last to arrive wins: found', { timeout: 200_000 }, () => {
  expect(found('arrival_wins')).toMatch(/differs/)
})
test('authority by present knowledge: found', { timeout: 200_000 }, () => {
  expect(found('authority_now')).toMatch(/differs/)
})
test('a change that is taken in twice is found', { timeout: 200_000 }, () => {
  expect(found('apply_twice')).toMatch(/UNIQUE|程序出错/)
})
test('order by wall clock: found', { timeout: 200_000 }, () => {
  expect(found('none', lamportFromClock)).toMatch(/differs/)
})
