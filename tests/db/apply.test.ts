import { expect, test } from 'vitest'
import { applyChanges } from '../../db/replication/apply'
import { canonical, digestOf } from '../../db/replication/canonical'
import { headerHash, type Change } from '../../db/replication/change'
import { decideDifference, openDifferences } from '../../db/replication/differences'
import { nameId } from '../../db/ids'
import { noteForeignHeads } from '../../db/replication/forks'
import { parkedChanges } from '../../db/replication/log'
import { reproject } from '../../db/replication/reproject'
import { chainHeads, changesSince, knownVector } from '../../db/replication/vector'
import { verifyStore } from '../../db/replication/verify'
import { getRow, insertRow, patchRow } from '../../db/rows'
import { sql } from '../../db/sql'
import type { Actor, Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { foldRegister, type CourseEvent } from '../../domain/course/fold'
import { clockOf, found, makeAccount, openTerminal, PERSON, storeOn } from '../convergence/terminal'
import Database from 'better-sqlite3'
import { newReplica } from '../convergence/simulation'
import {
  admin,
  allChanges,
  clerk,
  differences,
  director,
  dump,
  exchange,
  mediator,
  pair,
  person,
  send,
  terminals,
} from './two'

const patch = (store: Store, actor: Actor, values: Parameters<typeof patchRow<'person'>>[3]): void => {
  writeTx(store, actor, (tx) => {
    patchRow(tx, 'person', 'p1', values)
  })
}
const copyOf = (store: Store): Store => storeOn(new Database(store.connection.serialize()), store.replica)

test('one trip brings everything, the same file again changes nothing', () => {
  const [a, b] = pair()
  patch(a, clerk.actor, { phone: '13800000001' })
  const file = [...changesSince(a.db, knownVector(b.db))]
  expect(applyChanges(b, file, { received: 1 })).toMatchObject({
    applied: 1,
    already: 0,
    parked: 0,
    waiting: 0,
  })
  expect(person(b)).toMatchObject({ phone: '13800000001' })
  const before = dump(b)
  expect(applyChanges(b, file, { received: 2 })).toMatchObject({ applied: 0, already: 1 })
  expect(dump(b)).toBe(before)
  expect(verifyStore(b)).toEqual([])
})

test('what has no predecessor waits and is taken in later', () => {
  const [a, b] = pair()
  patch(a, clerk.actor, { phone: '1' })
  const first = [...changesSince(a.db, knownVector(b.db))]
  patch(a, clerk.actor, { phone: '2' })
  const second = [...changesSince(a.db, knownVector(b.db))].slice(1)
  expect(applyChanges(b, second, { received: 1 })).toMatchObject({ applied: 0, waiting: 1 })
  expect(person(b)).toMatchObject({ phone: '' })
  applyChanges(b, first, { received: 1 })
  expect(applyChanges(b, second, { received: 1 })).toMatchObject({ applied: 1, waiting: 0 })
  expect(person(b)).toMatchObject({ phone: '2' })
})

test('what a change was made upon waits too, though it came from somebody else', () => {
  const [a, b, c] = terminals(3) as [Store, Store, Store]
  patch(a, clerk.actor, { phone: '1' })
  send(a, b)
  patch(b, mediator.actor, { phone: '2' })
  const only = allChanges(b).filter((change) => change.replica === 'r2')
  expect(applyChanges(c, only, { received: 1 })).toMatchObject({ applied: 0, waiting: 1 })
  send(b, c)
  expect(person(c)).toMatchObject({ phone: '2' })
})

test('two typed the same, then one edits: no difference', () => {
  const [a, b] = pair()
  patch(a, clerk.actor, { phone: '13800000001' })
  patch(b, mediator.actor, { phone: '13800000001' })
  exchange(a, b)
  patch(b, mediator.actor, { phone: '13800000002' })
  exchange(a, b)
  for (const store of [a, b]) {
    expect(differences(store)).toEqual([])
    expect(person(store)).toMatchObject({ phone: '13800000002' })
  }
  expect(a.db.all(sql`SELECT replica FROM head WHERE row_id = 'p1' AND grp = 'phone'`)).toHaveLength(1)
})

test('two typed differently: both listed on both sides, a decision settles it', () => {
  const [a, b] = pair()
  patch(a, clerk.actor, { name: '章三' })
  patch(b, mediator.actor, { name: '张三丰' })
  exchange(a, b)
  expect(dump(a)).toBe(dump(b))
  const [open] = openDifferences(a.db, 'base', { offset: 0, limit: 10 })
  expect(open?.values.map(({ values, actor, mine }) => [values['name'], actor, mine])).toEqual([
    ['章三', 'clerk', true],
    ['张三丰', 'mediator', false],
  ])
  expect(person(a)).toMatchObject({ name: '张三丰' })
  // A later edit of something else, and even of the shown value, leaves the other value listed.
  patch(a, clerk.actor, { name: '张三疯' })
  expect(differences(a)).toHaveLength(1)
  const [now] = openDifferences(a.db, 'base', { offset: 0, limit: 10 })
  const chosen = now?.values.find(({ values }) => values['name'] === '章三')?.head ?? ''
  writeTx(a, clerk.actor, (tx) => {
    decideDifference(tx, now?.id ?? '', now?.values.map(({ head }) => head) ?? [], chosen)
  })
  exchange(a, b)
  for (const store of [a, b]) {
    expect(differences(store)).toEqual([])
    expect(person(store)).toMatchObject({ name: '章三' })
    expect(verifyStore(store)).toEqual([])
  }
})

test('a decision for what is shown already is a decision', () => {
  const [a, b] = pair()
  patch(a, clerk.actor, { name: '甲' })
  patch(b, mediator.actor, { name: '乙' })
  exchange(a, b)
  const [open] = openDifferences(a.db, 'base', { offset: 0, limit: 10 })
  const shown = open?.values.find((value) => value.shown)?.head ?? ''
  writeTx(a, clerk.actor, (tx) => {
    decideDifference(tx, open?.id ?? '', open?.values.map(({ head }) => head) ?? [], shown)
  })
  exchange(a, b)
  expect(differences(b)).toEqual([])
  expect(allChanges(b).at(-1)?.signature).not.toBeNull()
})

test('what came after the list was read stays open', () => {
  const [a, b, c] = terminals(3) as [Store, Store, Store]
  patch(a, clerk.actor, { name: '甲' })
  patch(b, mediator.actor, { name: '乙' })
  patch(c, director.actor, { name: '丙' })
  exchange(a, b)
  const [open] = openDifferences(a.db, 'base', { offset: 0, limit: 10 })
  const shown = open?.values.map(({ head }) => head) ?? []
  exchange(a, c)
  writeTx(a, clerk.actor, (tx) => {
    decideDifference(tx, open?.id ?? '', shown, shown[0] ?? '')
  })
  const left = openDifferences(a.db, 'base', { offset: 0, limit: 10 })[0]?.values.map(
    ({ values }) => values['name'],
  )
  expect(left).toEqual(['丙', '甲'])
})

test('a clock three years ahead wins nothing', () => {
  const [a] = pair()
  const fast = storeOn(new Database(':memory:'), 'fast', 'base', clockOf(3 * 365 * 86_400_000))
  send(a, fast)
  patch(fast, mediator.actor, { name: '快' })
  patch(a, clerk.actor, { phone: '1' })
  patch(a, clerk.actor, { name: '慢' })
  exchange(a, fast)
  expect(person(a)).toMatchObject({ name: '慢' })
  expect(person(fast)).toMatchObject({ name: '慢' })
})

test('withdrawn on one side, closed on the other: both heads, one shown, on both terminals alike', () => {
  const [a, b] = pair()
  const step = (store: Store, actor: Actor, kind: string, parents: readonly string[], id: string): void => {
    writeTx(store, actor, (tx) =>
      insertRow(
        tx,
        'course_event',
        {
          matter_id: 'm1',
          handling_id: null,
          kind,
          parents,
          data: {},
          happened_on: '2026-03-02',
          recorded_at: tx.now,
          acted_by: actor.staffId,
          typed_by: null,
        },
        id,
      ),
    )
  }
  step(a, clerk.actor, 'registered', [], 'e1')
  exchange(a, b)
  step(a, clerk.actor, 'void', ['e1'], 'e2')
  step(b, director.actor, 'archived', ['e1'], 'e3')
  exchange(a, b)
  const folded = [a, b].map((store) => {
    const events = store.db
      .all<{ id: string; kind: string; parents: string; lamport: number; replica: string }>(
        sql`SELECT e.id, e.kind, e.parents, c.lamport, c.replica FROM course_event e JOIN change c ON c.tbl = 'course_event' AND c.row_id = e.id`,
      )
      .map((row): CourseEvent => ({
        id: row.id,
        kind: row.kind,
        parents: JSON.parse(row.parents) as string[],
        data: {},
        happenedOn: '2026-03-02',
        order: { lamport: row.lamport, replica: row.replica },
      }))
    return foldRegister('matter', events)
  })
  expect(folded[0]).toEqual(folded[1])
  expect([...(folded[0]?.allHeads ?? [])].sort()).toEqual(['e2', 'e3'])
  expect(dump(a)).toBe(dump(b))
})

test('two terminals make the same row: equal is one, unequal is listed', () => {
  const [a, b] = pair()
  const make = (store: Store, actor: Actor, id: string, name: string): void => {
    writeTx(store, actor, (tx) => insertRow(tx, 'person', { ...PERSON, name }, id))
  }
  make(a, clerk.actor, 'same', '甲')
  make(b, mediator.actor, 'same', '甲')
  make(a, clerk.actor, 'other', '甲')
  make(b, mediator.actor, 'other', '乙')
  exchange(a, b)
  for (const store of [a, b]) {
    expect(differences(store)).toEqual([{ tbl: 'person', row_id: 'other', grp: 'name' }])
    expect(verifyStore(store)).toEqual([])
  }
  expect(dump(a)).toBe(dump(b))
  writeTx(a, clerk.actor, (tx) => {
    patchRow(tx, 'person', 'same', { name: '丙' })
  })
  exchange(a, b)
  expect(differences(b)).toHaveLength(1)
  expect(person(b, 'same')).toMatchObject({ name: '丙' })
})

test('an old backup is put back: lost changes return from the peers, both sides end alike', () => {
  const [a, b] = pair()
  const backup = a.connection.serialize()
  patch(a, clerk.actor, { phone: '1' })
  send(a, b)
  patch(b, mediator.actor, { address: '一组' })
  const restored = storeOn(new Database(backup), 'r1')
  newReplica(restored, 'r1-again')
  patch(restored, clerk.actor, { name: '恢复后' })
  exchange(restored, b)
  expect(person(restored)).toMatchObject({ phone: '1', address: '一组', name: '恢复后' })
  expect(dump(restored)).toBe(dump(b))
  expect([restored, b].flatMap(verifyStore)).toEqual([])
})

test('a file rolled back unnoticed is told by what comes back', () => {
  const [a, b] = pair()
  const backup = a.connection.serialize()
  patch(a, clerk.actor, { phone: '1' })
  send(a, b)
  const rolledBack = storeOn(new Database(backup), 'r1')
  expect(send(b, rolledBack)).toMatchObject({ rolledBack: true })
  expect(person(rolledBack)).toMatchObject({ phone: '1' })
  expect(send(b, a)).toMatchObject({ rolledBack: false })
})

test('a clone used on both sides: noticed and named, nothing lost', () => {
  const [a, b] = pair()
  const clone = copyOf(a)
  patch(a, clerk.actor, { phone: '1' })
  patch(clone, clerk.actor, { phone: '2' })
  patch(clone, clerk.actor, { address: '二组' })
  send(a, b)
  // By the vector alone b seems to know the first of the two; the other does not fit its chain, and b asks for all.
  expect(send(clone, b)).toMatchObject({ forked: ['r1'], parked: 1, applied: 0 })
  expect(knownVector(b.db)['r1']).toBe(0)
  expect(send(clone, b)).toMatchObject({ forked: ['r1'], applied: 0 })
  const parked = parkedChanges(b.db, 10).map(({ reason, change }) => [reason, change?.body])
  expect(parked).toEqual([
    ['fork', { phone: '2' }],
    ['fork', { org_unit_id: null, address: '二组' }],
  ])
  expect(knownVector(b.db)['r1']).toBe(knownVector(a.db)['r1'])
  expect(person(b)).toMatchObject({ phone: '1', address: '' })
  expect(send(a, b)).toMatchObject({ parked: 0 })
})

test('a fork of which nothing travels is told by the ends of the chains', () => {
  const [a, b] = pair()
  const clone = copyOf(a)
  patch(a, clerk.actor, { phone: '1' })
  patch(clone, clerk.actor, { phone: '2' })
  send(a, b)
  expect([...changesSince(clone.db, knownVector(b.db))]).toEqual([])
  const heads = Object.fromEntries(chainHeads(clone.db).map((head) => [head.replica, head]))
  expect(noteForeignHeads(b.db, heads, 5)).toEqual(['r1'])
  expect(send(clone, b)).toMatchObject({ forked: ['r1'], parked: 1, applied: 0 })
  expect(parkedChanges(b.db, 10).find(({ seq }) => seq > 0)).toMatchObject({
    change: { body: { phone: '2' } },
  })
  expect(knownVector(b.db)['r1']).toBe(knownVector(a.db)['r1'])
})

test('whoever saw the other branch waits with it', () => {
  const [a, b, c] = terminals(3) as [Store, Store, Store]
  const clone = copyOf(a)
  patch(a, clerk.actor, { phone: '1' })
  patch(clone, clerk.actor, { phone: '2' })
  send(a, b)
  send(clone, c)
  patch(c, mediator.actor, { name: '见过另一支' })
  expect(send(c, b)).toMatchObject({ waiting: 1, forked: ['r1'] })
  expect(person(b)).toMatchObject({ name: '张三' })
})

test('a post withdrawn concurrently undoes nothing, one withdrawn before is a breach, whatever came first', () => {
  const [a, b, c] = terminals(3) as [Store, Store, Store]
  writeTx(a, admin.actor, (tx) => {
    patchRow(tx, 'staff_post', clerk.actor.postRowId, { active: false })
  })
  patch(b, clerk.actor, { phone: '1' })
  exchange(a, b)
  expect(person(a)).toMatchObject({ phone: '1' })
  // A terminal that does not keep the rule: it knows of the withdrawal and writes all the same.
  b.db.run(sql`UPDATE staff_post SET active = active`)
  b.connection.exec(
    `UPDATE capture_context SET applying = 1; UPDATE staff_post SET active = 1; UPDATE capture_context SET applying = 0`,
  )
  patch(b, clerk.actor, { phone: '2' })
  for (const store of [a, c]) {
    send(b, store)
    expect(person(store)).toMatchObject({ phone: '1' })
    expect(parkedChanges(store.db, 5)).toMatchObject([
      { reason: 'authority', change: { body: { phone: '2' } } },
    ])
    expect(verifyStore(store)).toEqual([])
  }
  // It is part of the chain: what follows is not held up by it.
  writeTx(b, mediator.actor, (tx) => {
    patchRow(tx, 'person', 'p1', { address: '二组' })
  })
  send(b, a)
  expect(person(a)).toMatchObject({ address: '二组', phone: '1' })
})

test('power needs the signature of the one who has it', () => {
  const [a, b] = pair()
  const thief = { ...admin.actor, sign: makeAccount('x', 'clerk').actor.sign }
  writeTx(b, thief, (tx) => {
    patchRow(tx, 'staff', 'clerk', { name: '改名' })
  })
  expect(send(b, a)).toMatchObject({ parked: 1 })
  expect(getRow(a.db, 'staff', 'clerk')?.name).toBe('clerk')
  expect(parkedChanges(a.db, 1)).toMatchObject([{ reason: 'authority' }])
})

test('a second founding founds nothing', () => {
  const [a] = pair()
  const other = openTerminal('usurper')
  const boss = makeAccount('boss', 'administrator')
  found(other, boss)
  writeTx(other, boss.actor, (tx) => insertRow(tx, 'person', PERSON, 'p9'))
  const before = dump(a)
  const sent = allChanges(other).length
  expect(send(other, a)).toMatchObject({ applied: sent, parked: sent })
  expect(dump(a)).toBe(before)
})

/** A change as a terminal of another version or a liar would seal it. */
function forged(store: Store, actor: Actor, change: (text: string) => string): Change[] {
  const before = knownVector(store.db)
  store.connection.exec('DROP TRIGGER capture_person_u')
  const trigger = `CREATE TRIGGER capture_person_u AFTER UPDATE ON person WHEN (SELECT applying FROM capture_context) = 0 BEGIN
    UPDATE capture_context SET seq = seq + 1, lamport = lamport + 1;
    INSERT INTO change (replica, seq, lamport, txn, schema, actor, typed_by, post, tbl, row_id, op, parents, body, arrived)
    SELECT replica, seq, lamport, txn, schema, actor, typed_by, post, 'person', NEW.id, 'u', '{"phone": []}', '{"phone": "1"}', counter FROM capture_context; END`
  store.connection.exec(change(trigger))
  patch(store, actor, { phone: '1' })
  return [...changesSince(store.db, before)]
}

test.each([
  ['text too long', (text: string) => text.replace('"1"', `"${'1'.repeat(51)}"`)],
  ['a number for a text', (text: string) => text.replace('{"phone": "1"}', '{"phone": 1}')],
  ['a parent that is none', (text: string) => text.replace('[]', '[["r1", 1]]')],
  ['a group without its fields', (text: string) => text.replace('"phone": []', '"phone": [], "home": []')],
  ['a number in order of its own choosing', (text: string) => text.replace('lamport + 1', 'lamport + 1000')],
  ['a row that is not there', (text: string) => text.replace('NEW.id', `'nobody'`)],
])('a malformed change is parked and named, and relayed: %s', (_, change) => {
  const [a, b] = pair()
  const result = applyChanges(a, forged(b, clerk.actor, change), { received: 1 })
  expect(result).toMatchObject({ applied: 1, parked: 1, waiting: 0 })
  expect(person(a)).toMatchObject({ phone: '' })
  expect(parkedChanges(a.db, 5)[0]?.message).toMatch(/[\u4e00-\u9fff]/)
  expect(knownVector(a.db)['r2']).toBe(1)
})

test('tables and fields of a newer version are kept and relayed, and nothing is parked', () => {
  const [a, b, c] = terminals(3) as [Store, Store, Store]
  patch(b, clerk.actor, { phone: '1' })
  const [change] = changesSince(b.db, knownVector(a.db))
  if (change === undefined) throw new Error('nothing was written')
  const body = { ...change.body, wechat: 'x' }
  const parents = { ...change.parents, wechat: [] }
  const newer = { ...change, body, parents, digest: digestOf(change.salt ?? '', canonical(body)) }
  const unknown = {
    ...newer,
    seq: 2,
    lamport: newer.lamport + 1,
    prev: headerHash(newer),
    table: 'house_visit',
  }
  expect(applyChanges(a, [newer, unknown], { received: 1 })).toMatchObject({ applied: 2, parked: 0 })
  expect(person(a)).toMatchObject({ phone: '1' })
  expect(send(a, c)).toMatchObject({ applied: 2, parked: 0 })
  expect(allChanges(c).slice(-2)).toEqual([newer, unknown])
  expect(verifyStore(c)).toEqual([])
})

test('garbage, altered bodies and broken headers never stop an import', () => {
  const [a, b] = pair()
  patch(b, mediator.actor, { phone: '1' })
  const file = [...changesSince(b.db, knownVector(a.db))]
  const altered = file.map((change) => ({ ...change, body: { phone: '9' } }))
  expect(applyChanges(a, [null, 'x', {}, { replica: 'r' }, ...altered], { received: 1 })).toMatchObject({
    applied: 0,
    parked: 5,
  })
  expect(person(a)).toMatchObject({ phone: '' })
  expect(applyChanges(a, file, { received: 1 })).toMatchObject({ applied: 1 })
  expect(person(a)).toMatchObject({ phone: '1' })
})

test('a file may be cut anywhere: each part can be taken in by itself', () => {
  const [a, b] = pair()
  for (let n = 0; n < 20; n++) patch(a, clerk.actor, { phone: String(n) })
  let parts = 0
  for (;;) {
    const part = [...changesSince(a.db, knownVector(b.db), { limitBytes: 2000 })]
    if (part.length === 0) break
    parts++
    expect(applyChanges(b, part, { received: 1 })).toMatchObject({ waiting: 0 })
  }
  expect(parts).toBeGreaterThan(3)
  expect(dump(a)).toBe(dump(b))
})

test('a row that the application ships is edited on two sides like any other', () => {
  const [a, b] = pair()
  const id = nameId('area', '330000000000')
  for (const store of [a, b])
    store.connection.exec(`UPDATE capture_context SET applying = 1;
      INSERT INTO org_unit VALUES ('${id}', '${store.centreId}', '测试镇', 'town', NULL, '330000000000', '', '', '2026-01-01', '', 0);
      UPDATE capture_context SET applying = 0`)
  const edit = (store: Store, actor: Actor, patch: Parameters<typeof patchRow<'org_unit'>>[3]): void => {
    writeTx(store, actor, (tx) => {
      patchRow(tx, 'org_unit', id, patch)
    })
  }
  edit(a, clerk.actor, { contact_phone: '1', name: '甲镇' })
  edit(b, director.actor, { name: '乙镇' })
  exchange(a, b)
  expect(differences(a)).toEqual([{ tbl: 'org_unit', row_id: id, grp: 'name' }])
  expect(dump(a)).toBe(dump(b))
  edit(b, director.actor, { contact_phone: '2' })
  exchange(a, b)
  expect(getRow(a.db, 'org_unit', id)).toMatchObject({ contact_phone: '2', valid_from: '2026-01-01' })
  reproject(a)
  expect(dump(a)).toBe(dump(b))
  expect([a, b].flatMap(verifyStore)).toEqual([])
})
