import { expect, test } from 'vitest'
import { applyCounter, assertBasis } from '../../db/replication/basis'
import { patchRow, type getRow } from '../../db/rows'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { clerk, differences, mediator, pair, person, send } from './two'

type Patch = Partial<NonNullable<ReturnType<typeof getRow<'person'>>>>
const save = (store: Store, basis: number, patch: Patch, who = clerk): void => {
  writeTx(store, who.actor, (tx) => {
    assertBasis(tx, 'person', 'p1', basis, patch)
    patchRow(tx, 'person', 'p1', patch)
  })
}

test('a form opened before an import and saved after it: both values known, nothing saved', () => {
  const [a, b] = pair()
  const basis = applyCounter(a.db)
  save(b, applyCounter(b.db), { phone: '13800000009', note: '' }, mediator)
  send(b, a)
  expect(() => {
    save(a, basis, { phone: '13800000001', note: '我写的' })
  }).toThrow(
    expect.objectContaining({
      code: 'CHANGED_MEANWHILE',
      data: { conflicts: [{ field: 'phone', label: '电话', mine: '13800000001', theirs: '13800000009' }] },
    }),
  )
  expect(person(a)).toMatchObject({ phone: '13800000009', note: '' })
  // Seen and decided: the new basis lets it through, and the other side hears one value.
  save(a, applyCounter(a.db), { phone: '13800000001', note: '我写的' })
  send(a, b)
  expect(person(b)).toMatchObject({ phone: '13800000001' })
  expect(differences(b)).toEqual([])
})

test('what was changed elsewhere in the record does not stand in the way', () => {
  const [a, b] = pair()
  const basis = applyCounter(a.db)
  save(b, applyCounter(b.db), { name: '张三丰' }, mediator)
  send(b, a)
  save(a, basis, { phone: '13800000001' })
  expect(person(a)).toMatchObject({ phone: '13800000001', name: '张三丰' })
})

test('a part of one meaning counts as changed with the whole', () => {
  const [a, b] = pair()
  const basis = applyCounter(a.db)
  save(b, applyCounter(b.db), { address: '二组' }, mediator)
  send(b, a)
  expect(() => {
    save(a, basis, { address: '一组' })
  }).toThrow(expect.objectContaining({ code: 'CHANGED_MEANWHILE' }))
})

test('typing what has meanwhile arrived is no conflict', () => {
  const [a, b] = pair()
  const basis = applyCounter(a.db)
  save(b, applyCounter(b.db), { phone: '1' }, mediator)
  send(b, a)
  save(a, basis, { phone: '1' })
  expect(person(a)).toMatchObject({ phone: '1' })
})

test('a colleague on this terminal counts as much as an import', () => {
  const [a] = pair()
  const basis = applyCounter(a.db)
  save(a, basis, { phone: '1' }, mediator)
  expect(() => {
    save(a, basis, { phone: '2' })
  }).toThrow(expect.objectContaining({ code: 'CHANGED_MEANWHILE' }))
})

test('a value that arrives and is not shown leaves the form valid, and stays listed', () => {
  const [a, b] = pair()
  save(b, applyCounter(b.db), { address_secret: true }, mediator)
  send(b, a)
  const basis = applyCounter(a.db)
  save(b, applyCounter(b.db), { name: '先写的' }, mediator)
  save(a, basis, { phone: '1' })
  save(a, basis, { name: '后写的' })
  const opened = applyCounter(a.db)
  send(b, a)
  expect(person(a)).toMatchObject({ name: '后写的' })
  save(a, opened, { name: '再改的' })
  expect(person(a)).toMatchObject({ name: '再改的' })
  expect(differences(a)).toHaveLength(1)
})
