import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendAudit, auditHead, verifyAudit, type AuditInput } from '../../db/audit'
import { localTx } from '../../db/transaction'
import { createTestStores, type TestStores } from '../helpers/store'

let stores: TestStores
beforeEach(() => {
  stores = createTestStores()
})
afterEach(() => {
  stores.dispose()
})

const entry = (action: string): AuditInput => ({
  at: stores.clock.now(),
  staffId: 'someone',
  post: 'clerk',
  route: 'visit.register',
  action,
  subject: 'visit',
  subjectId: 'v1',
  fields: ['description'],
  outcome: 'done',
})
const append = (action: string): void => {
  localTx(stores.base, () => {
    appendAudit(stores.base, entry(action))
  })
}

test('each entry commits to all before it', () => {
  expect(auditHead(stores.base.db)).toBe('')
  for (const action of ['登记', '修改', '打印']) append(action)
  expect(verifyAudit(stores.base.db)).toBeNull()
  expect(auditHead(stores.base.db)).toMatch(/^sha256\./)
})

const tampering: readonly (readonly [string, string, number])[] = [
  ['a changed entry', `UPDATE audit_entry SET action = '查看' WHERE seq = 2`, 2],
  ['a removed entry', 'DELETE FROM audit_entry WHERE seq = 2', 2],
  ['a removed first entry', 'DELETE FROM audit_entry WHERE seq = 1', 1],
  ['entries exchanged', 'UPDATE audit_entry SET seq = CASE seq WHEN 2 THEN 30 WHEN 3 THEN 2 ELSE seq END', 2],
  ['another time', 'UPDATE audit_entry SET at = at + 1 WHERE seq = 3', 3],
]
test.each(tampering)('%s is found', (_name, statement, seq) => {
  for (const action of ['登记', '修改', '打印']) append(action)
  stores.base.connection.exec(statement)
  expect(verifyAudit(stores.base.db)).toBe(seq)
})

test('an action that fails leaves no entry, and an entry without an action is refused', () => {
  const fails = () => {
    localTx(stores.base, () => {
      appendAudit(stores.base, entry('登记'))
      throw new Error('the action failed')
    })
  }
  expect(fails).toThrow('the action failed')
  expect(auditHead(stores.base.db)).toBe('')
  expect(() => {
    appendAudit(stores.base, entry('登记'))
  }).toThrow(/transaction/)
})
