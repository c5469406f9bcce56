import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { settleHeads, type Head, type Values } from '../../db/replication/merge'
import { BASE_TABLES } from '../../db/schema/base'
import { ROSTER_TABLES } from '../../db/schema/confidential'
import type { TableDecl } from '../../db/schema/declare'

const head = (lamport: number, values: Values, replica = `r${lamport}`): Head => ({
  replica,
  seq: lamport,
  lamport,
  values,
})
const settle = (
  decl: TableDecl,
  fields: readonly string[],
  ...heads: Head[]
): ReturnType<typeof settleHeads> => settleHeads(decl, fields, heads)
const { person, matter } = BASE_TABLES

test('the latest in order is shown, the other one stays open', () => {
  const { shown, open } = settle(person, ['name'], head(5, { name: '张三' }), head(4, { name: '章三' }))
  expect(shown.values).toEqual({ name: '张三' })
  expect(open.map((one) => one.values)).toEqual([{ name: '章三' }, { name: '张三' }])
})

test('a blank never stands against a value, and an edit replaces both', () => {
  const blank = head(9, { phone: '' })
  const value = head(2, { phone: '13800000001' })
  const settled = settle(person, ['phone'], blank, value)
  expect(settled.shown).toBe(value)
  expect(settled.open).toEqual([])
  expect([...settled.settled]).toEqual([blank, value])
})

test('formatting is no difference: spaces, width, dashes of a number', () => {
  for (const [field, a, b] of [
    ['phone', '138 0000 0001', '１３８0000-0001'],
    ['name', '张 三', '张三'],
    ['note', 'ABC', 'ＡＢＣ'],
  ] as const)
    expect(settle(person, [field], head(1, { [field]: a }), head(2, { [field]: b })).open).toEqual([])
})

test('signs and numbers that say something else are a difference', () => {
  for (const [a, b] of [
    ['12-3号', '123号'],
    ['1 2', '12'],
    ['3.5万', '35万'],
  ] as const)
    expect(settle(person, ['note'], head(1, { note: a }), head(2, { note: b })).open).toHaveLength(2)
})

test('a group is one value: a part that is blank is filled, parts that contradict are not mixed', () => {
  const fields = ['id_type', 'id_number', 'id_check_reason']
  const bare = head(3, { id_type: '111', id_number: '', id_check_reason: '' })
  const whole = head(1, { id_type: '111', id_number: '330102', id_check_reason: '' })
  const other = head(2, { id_type: '414', id_number: 'E123', id_check_reason: '' })
  expect(settle(person, fields, bare, whole)).toMatchObject({ shown: whole, open: [] })
  expect(settle(person, fields, whole, other)).toMatchObject({ shown: other, open: [whole, other] })
})

test('what harms nobody is shown: stricter, higher, true, earlier', () => {
  const shown = (decl: TableDecl, field: string, low: string | number, high: string | number): unknown =>
    settle(decl, [field], head(9, { [field]: low }), head(1, { [field]: high })).shown.values?.[field]
  expect(shown(matter, 'confidentiality', 'normal', 'secret')).toBe('secret')
  expect(shown(matter, 'risk_level', 'low', 'high')).toBe('high')
  expect(shown(person, 'address_secret', 0, 1)).toBe(1)
  expect(shown(ROSTER_TABLES.roster_entry, 'review_on', '2026-12-01', '2026-03-09')).toBe('2026-03-09')
})

test('the result depends on the set of heads alone', () => {
  const one = fc.record({
    lamport: fc.integer({ min: 1, max: 6 }),
    replica: fc.constantFrom('a', 'b', 'c'),
    phone: fc.constantFrom('', '1', '1 ', '１', '2', null),
  })
  const heads = fc.uniqueArray(one, {
    minLength: 1,
    maxLength: 6,
    selector: (h) => `${h.lamport}${h.replica}`,
  })
  fc.assert(
    fc.property(heads, fc.integer({ min: 0, max: 5 }), (drawn, turn) => {
      const list = drawn.map(({ lamport, replica, phone }) => head(lamport, { phone }, replica))
      const turned = [...list.slice(turn % list.length), ...list.slice(0, turn % list.length)].reverse()
      const [a, b] = [settle(person, ['phone'], ...list), settle(person, ['phone'], ...turned)]
      expect(b.shown).toBe(a.shown)
      expect(b.open).toEqual(a.open)
      expect(b.settled).toEqual(a.settled)
      expect(a.settled.has(a.shown)).toBe(true)
    }),
  )
})
