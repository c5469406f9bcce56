import { expect, test } from 'vitest'
import { applyChanges } from '../../db/replication/apply'
import { ensureProjected, reproject } from '../../db/replication/reproject'
import { changesSince, knownVector } from '../../db/replication/vector'
import { verifyStore } from '../../db/replication/verify'
import { patchRow } from '../../db/rows'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { admin, clerk, dump, exchange, mediator, pair, person, send } from './two'

/** A file with an open difference, a merged blank and a parked change. */
function busy(): Store {
  const [a, b] = pair()
  const patch = (store: Store, name: string, phone: string, who = clerk): void => {
    writeTx(store, who.actor, (tx) => {
      patchRow(tx, 'person', 'p1', { name, phone })
    })
  }
  patch(a, '甲', '13800000001')
  patch(b, '乙', '', mediator)
  exchange(a, b)
  const thief = { ...admin.actor, sign: clerk.actor.sign }
  writeTx(b, thief, (tx) => {
    patchRow(tx, 'staff', 'clerk', { name: '改名' })
  })
  expect(send(b, a)).toMatchObject({ parked: 1 })
  return a
}
const broken = (store: Store, statement: string): string[] => {
  store.connection.exec(
    `UPDATE capture_context SET applying = 1; ${statement}; UPDATE capture_context SET applying = 0`,
  )
  return verifyStore(store)
}

test('a file that was only written through the rules has nothing to complain about', () => {
  expect(verifyStore(busy())).toEqual([])
})

test.each([
  ['a row changed by hand', `UPDATE person SET note = 'x' WHERE id = 'p1'`, /记录与变更不符：人员 p1/],
  ['a row gone', `DELETE FROM person WHERE id = 'p1'`, /记录缺失：人员 p1/],
  ['a body changed', `UPDATE change SET body = replace(body, '甲', '丁')`, /变更内容被改动/],
  [
    'a header changed',
    `UPDATE change SET actor = 'mediator' WHERE seq = 3 AND replica = 'r1'`,
    /变更头被改动：r1 第 3 号/,
  ],
  ['a change gone', `DELETE FROM change WHERE seq = 3 AND replica = 'r1'`, /变更链缺号：r1 第 4 号/],
  [
    'the end of a chain gone',
    `DELETE FROM change WHERE replica = 'r2' AND seq = (SELECT max(seq) FROM change WHERE replica = 'r2')`,
    /变更链末端不符：r2/,
  ],
  ['a head gone', `DELETE FROM head WHERE row_id = 'p1' AND grp = 'name' AND replica = 'r1'`, /版本标记不符/],
  ['a difference hidden', `DELETE FROM difference`, /不一致清单不符/],
  ['a breach let in', `DELETE FROM parked`, /变更的效力不符：r2/],
  ['a signature taken away', `UPDATE change SET signature = NULL WHERE tbl = 'centre'`, /变更的效力不符：r1/],
  ['a derived row gone', `DELETE FROM matter_state`, /派生数据缺失/],
])('%s is found', (_, statement, line) => {
  expect(broken(busy(), statement).join('\n')).toMatch(line)
})

test('erasing a change body in the middle: the chain verifies, the row is not projected again', () => {
  const [a, b] = pair()
  writeTx(a, clerk.actor, (tx) => {
    patchRow(tx, 'person', 'p1', { phone: '1' })
  })
  exchange(a, b)
  a.connection.exec(`UPDATE capture_context SET applying = 1;
    UPDATE change SET salt = NULL, body = NULL WHERE tbl = 'person' AND row_id = 'p1';
    DELETE FROM person WHERE id = 'p1'; DELETE FROM head WHERE row_id = 'p1'; UPDATE capture_context SET applying = 0`)
  reproject(a)
  expect(verifyStore(a)).toEqual([])
  expect(person(a)).toBeUndefined()
  // What a peer still has does not bring it back, and what it adds to it hangs on nothing.
  writeTx(b, mediator.actor, (tx) => {
    patchRow(tx, 'person', 'p1', { phone: '2' })
  })
  expect(send(b, a)).toMatchObject({ applied: 1, parked: 0 })
  expect(person(a)).toBeUndefined()
  expect(verifyStore(a)).toEqual([])
})

test('rows made anew from their changes are the same rows', () => {
  const store = busy()
  const tables = (): unknown[] => [
    dump(store),
    store.db.all(
      sql`SELECT tbl, row_id, grp, replica, seq, shown FROM head WHERE grp <> '' ORDER BY 1, 2, 3, 4, 5`,
    ),
    store.db.all(sql`SELECT tbl, row_id, grp FROM difference`),
    store.db.all(sql`SELECT replica, seq, reason FROM parked`),
    store.db.all(sql`SELECT * FROM matter_state`),
  ]
  const before = tables()
  store.connection
    .exec(`UPDATE capture_context SET applying = 1; UPDATE person SET name = 'x'; DELETE FROM course_event;
    DELETE FROM matter; UPDATE capture_context SET applying = 0`)
  expect(tables()).not.toEqual(before)
  reproject(store)
  expect(tables()).toEqual(before)
  expect(verifyStore(store)).toEqual([])
})

test('what an older version could not read is projected at the first opening of a newer one', () => {
  const [a, b] = pair()
  writeTx(b, mediator.actor, (tx) => {
    patchRow(tx, 'person', 'p1', { phone: '1' })
  })
  const [change] = changesSince(b.db, knownVector(a.db))
  if (change === undefined) throw new Error('nothing was written')
  // As an older version holds it: stored, of a schema it does not know, not projected.
  const newer = { ...change, schema: 20 }
  expect(ensureProjected(a)).toBe(false)
  expect(applyChanges(a, [newer], { received: 1 })).toMatchObject({ applied: 1 })
  a.connection.exec(
    `UPDATE capture_context SET applying = 1; UPDATE person SET phone = ''; UPDATE capture_context SET applying = 0`,
  )
  a.connection.pragma('user_version = 20')
  expect(ensureProjected(a)).toBe(true)
  expect(person(a)).toMatchObject({ phone: '1' })
  expect(ensureProjected(a)).toBe(false)
  expect(verifyStore(a)).toEqual([])
})
