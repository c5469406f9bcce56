import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { insertRow, patchRow } from '../../db/rows'
import { writeTx } from '../../db/transaction'
import type { Store } from '../../db/store'
import { PERSON } from '../convergence/terminal'
import { clerk, director, dump, exchange, mediator, pair } from './two'

interface Line {
  readonly table?: string
  readonly id?: string
  readonly values?: Readonly<Record<string, unknown>>
  readonly open?: unknown
  readonly count?: number
  readonly sha256?: string
}
const linesOf = (store: Store): Line[] =>
  dump(store)
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

test('lines are sorted by table and id; the last one counts and hashes them', () => {
  const [a] = pair()
  const lines = linesOf(a)
  const keys = lines.slice(0, -1).map((line) => `${line.table} ${line.id}`)
  expect(keys).toEqual([...keys].sort())
  const text = dump(a).split('\n')
  const body = text.slice(0, -1).map((line) => `${line}\n`)
  expect(lines.at(-1)).toEqual({
    count: body.length,
    sha256: createHash('sha256').update(body.join('')).digest('hex'),
  })
})

test('open values are all printed, the same on both sides, whoever heard whom first', () => {
  const [a, b] = pair()
  for (const [store, who, name] of [
    [a, clerk, '甲'],
    [b, mediator, '乙'],
  ] as const)
    writeTx(store, who.actor, (tx) => {
      patchRow(tx, 'person', 'p1', { name })
    })
  exchange(b, a)
  expect(linesOf(a).find((line) => line.id === 'p1')?.open).toEqual({
    name: [{ name: '乙' }, { name: '甲' }],
  })
  expect(dump(a)).toBe(dump(b))
})

test('no keys, no secrets, no voided merges; a sealed text is a hash', () => {
  const [a] = pair()
  writeTx(a, clerk.actor, (tx) => {
    insertRow(tx, 'person', PERSON, 'p2')
    for (const voided of [false, true])
      insertRow(tx, 'person_alias', { from_id: 'p1', to_id: 'p2', voided }, `alias-${voided ? 'old' : 'now'}`)
    insertRow(
      tx,
      'sealed_item',
      {
        compartment: 'psych',
        ciphertext: '密文',
        receipt: '',
        sealed_at: tx.now,
        sealed_by: 'clerk',
        state: 'sent',
      },
      's1',
    )
  })
  writeTx(a, director.actor, (tx) => insertRow(tx, 'staff_secret', { wrapped: { a: 1 } }, 'director'))
  const lines = linesOf(a)
  expect(lines.map((line) => line.table)).not.toContain('staff_secret')
  expect(lines.filter((line) => line.table === 'person_alias').map((line) => line.id)).toEqual(['alias-now'])
  const sealed = createHash('sha256').update('密文').digest('hex')
  expect(lines.find((line) => line.id === 's1')?.values?.['ciphertext']).toBe(sealed)
  expect(Object.keys(lines.find((line) => line.table === 'staff')?.values ?? {})).not.toContain('sign_public')
})
