import { afterEach, beforeEach, expect, it } from 'vitest'
import { drawNumber } from '../../db/numbers'
import { sql } from '../../db/sql'
import { writeTx } from '../../db/transaction'
import { insertRow } from '../../db/rows'
import { createTown, type Person, type Town } from '../helpers/town'

let town: Town
let clerk: Person
beforeEach(() => {
  town = createTown()
  clerk = town.staff('wang', 'clerk')
})
afterEach(() => {
  town.dispose()
})

it('counts by terminal and year, without a gap', () => {
  const numbers = [1, 2, 3].map(() => town.register(clerk, {}).number)
  expect(numbers).toEqual(['26-01-0001', '26-01-0002', '26-01-0003'])
  town.clock.set(Date.parse('2026-03-20T09:00:00+08:00'))
  expect(town.register(clerk, {}).number).toBe('26-01-0004')
  // What another terminal gave does not move this one's series.
  clerk.write((tx) =>
    insertRow(tx, 'number_issue', {
      series: 'matter',
      year: 2026,
      terminal_number: '02',
      serial: 77,
      number_text: '26-02-0077',
      subject_table: 'matter',
      subject_id: 'elsewhere',
      issued_on: '2026-03-20',
      voided: false,
      void_reason: '',
    }),
  )
  expect(town.register(clerk, {}).number).toBe('26-01-0005')
})

it('begins a new series with the year', () => {
  town.clock.set(Date.parse('2026-12-31T23:30:00+08:00'))
  expect(town.register(clerk, { clockConfirmed: true }).number).toBe('26-01-0001')
  town.clock.set(Date.parse('2027-01-01T00:30:00+08:00'))
  expect(town.register(clerk, {}).number).toBe('27-01-0001')
})

it('saves without a number while the clock is implausible, and gives it when a person has confirmed', () => {
  expect(town.register(clerk, {}).number).toBe('26-01-0001')
  town.clock.set(Date.parse('2019-01-01T09:00:00+08:00'))
  const early = town.register(clerk, {})
  expect(early.number).toBe('')
  expect(early.numberProblem).toContain('电脑时间是 2019-01-01')
  expect(town.base.db.get(sql`SELECT 1 AS here FROM matter WHERE id = ${early.matterId}`)).toEqual({
    here: 1,
  })
  town.clock.set(Date.parse('2026-03-02T11:00:00+08:00'))
  const next = town.register(clerk, {})
  const numberOf = (id: string): string | undefined =>
    town.base.db.get<{ number_text: string }>(
      sql`SELECT number_text FROM matter_state WHERE matter_id = ${id}`,
    )?.number_text
  expect([numberOf(early.matterId), next.number]).toEqual(['26-01-0002', '26-01-0003'])
  town.clock.set(Date.parse('2026-08-02T11:00:00+08:00'))
  expect(town.register(clerk, {}).numberProblem).toContain('相隔超过 30 天')
  expect(town.register(clerk, { clockConfirmed: true }).number).toBe('26-01-0005')
})

it('continues above the floor of a renewed replica', () => {
  town.register(clerk, {})
  town.base.db.run(
    sql`INSERT INTO local_setting (name, value) VALUES ('number_floor', '{"matter|2026":101}')`,
  )
  expect(town.register(clerk, {}).number).toBe('26-01-0102')
  expect(town.register(clerk, {}).number).toBe('26-01-0103')
})

it('gives none without a terminal number', () => {
  const copied = { ...town.base, terminalNumber: '' }
  const drawn = writeTx(copied, clerk.actor, (tx) => drawNumber(tx, 'matter', 'some-matter', 'confirmed'))
  expect(drawn.number).toBe('')
  expect(drawn.problem).toContain('还没有终端号')
})
