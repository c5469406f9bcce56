import { expect, test } from 'vitest'
import { getRow, insertRow, patchRow } from '../../db/rows'
import { sql } from '../../db/sql'
import { localTx, writeTx } from '../../db/transaction'
import { MATTER, PERSON } from '../convergence/terminal'
import { clerk, director, pair } from './two'

test('values come back as they were given: booleans, json, nothing', () => {
  const [a] = pair()
  const [person, setting] = writeTx(a, director.actor, (tx) => [
    insertRow(tx, 'person', { ...PERSON, address_secret: true }),
    insertRow(tx, 'setting', { name: 'x', value: { list: [1, 'ä', null] } }),
  ])
  expect(getRow(a.db, 'person', person ?? '')).toMatchObject({
    address_secret: true,
    removed: false,
    org_unit_id: null,
  })
  expect(getRow(a.db, 'setting', setting ?? '')?.value).toEqual({ list: [1, 'ä', null] })
  expect(getRow(a.db, 'person', 'nobody')).toBeUndefined()
})

test('text is stored in NFC, without what SQLite or JSON would mangle', () => {
  const [a] = pair()
  const id = writeTx(a, clerk.actor, (tx) =>
    insertRow(tx, 'person', { ...PERSON, name: 'e\u0301\u0000\ud800中' }),
  )
  expect(getRow(a.db, 'person', id)?.name).toBe('\u00e9\ufffd中')
})

test.each([
  [{ name: '长'.repeat(61) }, 'name', '姓名最多 60 个字'],
  [{ birth_date: '2026-13-01' }, 'birth_date', '出生日期不是有效的日期'],
  [{ birth_date: '1.5.1960' }, 'birth_date', '出生日期不是有效的日期'],
])('what does not fit the declaration is refused by field: %j', (patch, field, message) => {
  const [a] = pair()
  expect(() =>
    writeTx(a, clerk.actor, (tx) => {
      patchRow(tx, 'person', 'p1', patch)
    }),
  ).toThrow(expect.objectContaining({ code: 'BAD_INPUT', field, message }))
})

test('length counts characters and not code units', () => {
  const [a] = pair()
  writeTx(a, clerk.actor, (tx) => {
    patchRow(tx, 'person', 'p1', { name: '𠮷'.repeat(60) })
  })
  expect(getRow(a.db, 'person', 'p1')?.name).toHaveLength(120)
})

test('no row, no patch; no root, no child', () => {
  const [a] = pair()
  const write = (work: Parameters<typeof writeTx<unknown>>[2]) => (): unknown => writeTx(a, clerk.actor, work)
  expect(
    write((tx) => {
      patchRow(tx, 'person', 'nobody', { name: 'x' })
    }),
  ).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  const child = { matter_id: 'none', org_unit_id: 'u', removed: false }
  expect(write((tx) => insertRow(tx, 'matter_respondent_unit', child))).toThrow()
  // Within one transaction the child may come first.
  write((tx) => {
    insertRow(tx, 'matter_respondent_unit', { ...child, matter_id: 'm2' }, 'c1')
    insertRow(tx, 'matter', MATTER, 'm2')
  })()
  expect(getRow(a.db, 'matter_respondent_unit', 'c1')).toBeDefined()
})

test('transactions are not nested, not asynchronous, and leave nothing behind when they fail', () => {
  const [a] = pair()
  expect(() => writeTx(a, clerk.actor, () => localTx(a, () => 1))).toThrow(/open already/)
  expect(() => writeTx(a, clerk.actor, () => Promise.resolve(1))).toThrow(/cannot wait/)
  const before = a.db.get(sql`SELECT * FROM capture_context`)
  expect(() =>
    writeTx(a, clerk.actor, (tx) => {
      insertRow(tx, 'person', PERSON, 'p1')
    }),
  ).toThrow()
  expect(a.db.get(sql`SELECT * FROM capture_context`)).toEqual(before)
})
