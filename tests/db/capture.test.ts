import { expect, test } from 'vitest'
import { sql } from '../../db/sql'
import { insertRow, getRow, patchRow } from '../../db/rows'
import { localTx, writeTx } from '../../db/transaction'
import { assertCapture } from '../../db/replication/capture'
import { changeOf, headerHash, type ChangeRow } from '../../db/replication/change'
import { digestOf } from '../../db/replication/canonical'
import { projecting } from '../../db/replication/heads'
import type { Store } from '../../db/store'
import { found, makeAccount, MATTER, openTerminal, PERSON } from '../convergence/terminal'

const clerk = makeAccount('clerk', 'clerk')
const admin = makeAccount('admin', 'administrator')

function founded(): Store {
  const store = openTerminal('r1')
  found(store, admin, [clerk])
  return store
}
const changes = (store: Store): ChangeRow[] => store.db.all(sql`SELECT * FROM change ORDER BY seq`)
const lastChange = (store: Store): ChangeRow => changes(store).at(-1) as ChangeRow

test('an insert is captured whole, an edit by its changed groups only', () => {
  const store = founded()
  const id = writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  const insert = lastChange(store)
  expect(insert).toMatchObject({ tbl: 'person', row_id: id, op: 'i', actor: 'clerk', parents: '{}' })
  expect(JSON.parse(insert.body ?? '')).toMatchObject({ name: '张三', removed: 0, org_id: store.centreId })
  writeTx(store, clerk.actor, (tx) => {
    patchRow(tx, 'person', id, { phone: '13800000000', address: '一组', note: '' })
  })
  const edit = changeOf(lastChange(store))
  expect(edit.body).toEqual({ phone: '13800000000', org_unit_id: null, address: '一组' })
  expect(edit.parents).toEqual({ phone: [['r1', insert.seq]], home: [['r1', insert.seq]] })
  writeTx(store, clerk.actor, (tx) => {
    patchRow(tx, 'person', id, { phone: '13800000001' })
  })
  expect(changeOf(lastChange(store)).parents).toEqual({ phone: [['r1', edit.seq]] })
  expect(getRow(store.db, 'person', id)).toMatchObject({ phone: '13800000001', removed: false })
})

test('sequences have no holes, headers form a chain, and no digest is missing', () => {
  const store = founded()
  for (let n = 0; n < 5; n++) writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  expect(() =>
    writeTx(store, clerk.actor, (tx) => {
      insertRow(tx, 'person', PERSON)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  let prev = ''
  for (const [index, row] of changes(store).entries()) {
    expect(row).toMatchObject({ seq: index + 1, lamport: index + 1, prev })
    expect(digestOf(row.salt ?? '', row.body ?? '')).toBe(row.digest)
    expect(headerHash(changeOf(row))).toBe(row.hash)
    prev = row.hash ?? ''
  }
})

test('saving what is there already captures nothing', () => {
  const store = founded()
  const id = writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  const before = changes(store).length
  writeTx(store, clerk.actor, (tx) => {
    patchRow(tx, 'person', id, PERSON)
  })
  expect(changes(store)).toHaveLength(before)
})

test('rows are never deleted, replaced or given another id, events never changed', () => {
  const store = founded()
  const id = writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  const refused = (text: string): void => {
    expect(() => writeTx(store, clerk.actor, (tx) => tx.run({ text, params: [] }))).toThrow()
  }
  const rows = changes(store).length
  refused(`DELETE FROM person WHERE id = '${id}'`)
  refused(`REPLACE INTO person SELECT * FROM person`)
  refused(`UPDATE person SET id = 'x' WHERE id = '${id}'`)
  expect(changes(store)).toHaveLength(rows)
  writeTx(store, clerk.actor, (tx) => {
    const matter = insertRow(tx, 'matter', MATTER)
    insertRow(tx, 'course_event', {
      matter_id: matter,
      handling_id: null,
      kind: 'note',
      parents: [],
      data: {},
      happened_on: '2026-03-02',
      recorded_at: tx.now,
      acted_by: null,
      typed_by: null,
    })
  })
  refused(`UPDATE course_event SET kind = 'x'`)
})

test('a migration that rewrites every row captures nothing', () => {
  const store = founded()
  writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  const before = changes(store)
  localTx(store, () => {
    projecting(store.db, () => store.db.run(sql`UPDATE person SET note = note || '改'`))
  })
  expect(changes(store)).toEqual(before)
  expect(store.db.get(sql`SELECT note FROM person`)).toEqual({ note: '改' })
})

test('no transaction starts with capture off, none commits an unsealed change', () => {
  const store = founded()
  store.db.run(sql`UPDATE capture_context SET applying = 1`)
  expect(() => writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))).toThrow(/capture is off/)
  store.db.run(sql`UPDATE capture_context SET applying = 0`)
  const before = changes(store).length
  expect(() => localTx(store, () => store.db.run(sql`UPDATE staff SET phone = '1'`))).toThrow()
  expect(changes(store)).toHaveLength(before)
  expect(store.db.get(sql`SELECT phone FROM staff WHERE id = 'clerk'`)).toEqual({ phone: '' })
})

test('triggers are made again at opening when their text differs', () => {
  const store = founded()
  const texts = (): unknown[] =>
    store.db.all(sql`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name`)
  const wanted = texts()
  store.connection.exec('DROP TRIGGER capture_person_u')
  store.connection.exec('CREATE TRIGGER capture_person_u AFTER UPDATE ON person BEGIN SELECT 1; END')
  store.connection.exec('CREATE TRIGGER capture_gone_i AFTER INSERT ON person BEGIN SELECT 1; END')
  assertCapture(store.connection, 'base')
  expect(texts()).toEqual(wanted)
})

test('changes that carry power are signed, and refused without a signer', () => {
  const store = founded()
  const signed = changes(store).filter((row) => row.signature !== null)
  expect(new Set(signed.map((row) => row.tbl))).toEqual(new Set(['centre', 'staff', 'staff_post']))
  const unsigned = { ...admin.actor, sign: null }
  expect(() =>
    writeTx(store, unsigned, (tx) => {
      patchRow(tx, 'staff', 'clerk', { name: '李四' })
    }),
  ).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  expect(getRow(store.db, 'staff', 'clerk')?.name).toBe('clerk')
})

test('a post that may not change a table is refused, and so is one that was withdrawn', () => {
  const store = founded()
  const write = (): string => writeTx(store, clerk.actor, (tx) => insertRow(tx, 'person', PERSON))
  expect(() =>
    writeTx(store, clerk.actor, (tx) => {
      patchRow(tx, 'staff', 'clerk', { name: '李四' })
    }),
  ).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  write()
  writeTx(store, admin.actor, (tx) => {
    patchRow(tx, 'staff_post', clerk.actor.postRowId, { active: false })
  })
  expect(write).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
})
