import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { absorbAttempts } from '../../db/accounts/attempts'
import { changePassword, signIn } from '../../db/accounts/account'
import { verifyAudit } from '../../db/audit'
import { readKeysFile } from '../../db/keys/file'
import { syncKeysFile } from '../../db/keys/sync'
import { patchRow } from '../../db/rows'
import { sql } from '../../db/sql'
import { writeTx } from '../../db/transaction'
import { codeIn } from '../helpers/errors'
import { createTestCentre, TEST_COST, TEST_PASSWORD, type TestCentre } from '../helpers/store'

let centre: TestCentre
let uptime: number
beforeEach(() => {
  centre = createTestCentre()
  uptime = 5000
})
afterEach(() => {
  centre.dispose()
})

const enter = (account: string, password: string) =>
  signIn({ dataDir: centre.dataDir, account, password, clock: centre.clock, uptime: () => uptime })

test('a new colleague signs in with the password given, before base is open', () => {
  const { account } = centre.addStaff('wang', ['clerk'])
  const signed = enter('WANG', TEST_PASSWORD)
  expect(signed.account.staffId).toBe(account.staffId)
  expect(signed.baseKeys).toHaveLength(1)
  expect(codeIn(() => enter('wang', '不对的密码'))).toBe('WRONG_PASSWORD')
  expect(codeIn(() => enter('nobody', TEST_PASSWORD))).toBe('WRONG_PASSWORD')
})

test('full-width and half-width input of one password are one password', () => {
  expect(enter('admin', TEST_PASSWORD.replace('-', '－')).account.account).toBe('admin')
})

test('a changed password works, the old one does not, and its wrapping is nowhere in the file', () => {
  const before = readKeysFile(centre.dataDir).accounts[0]?.wrapped[0]?.ciphertext ?? ''
  const input = { account: centre.admin, oldPassword: TEST_PASSWORD, newPassword: '新的密码-88' }
  changePassword(centre.dataDir, centre.base, centre.adminActor, input, TEST_COST)
  expect(syncKeysFile(centre.dataDir, centre.base, [centre.held])).toBe(true)
  expect(enter('admin', '新的密码-88').account.staffId).toBe(centre.admin.staffId)
  expect(codeIn(() => enter('admin', TEST_PASSWORD))).toBe('WRONG_PASSWORD')
  const kept = centre.base.db.all<{ body: string }>(
    sql`SELECT body FROM change WHERE tbl = 'staff_secret' AND body IS NOT NULL`,
  )
  expect(before).not.toBe('')
  expect(kept.filter(({ body }) => body.includes(before))).toEqual([])
  expect(kept).toHaveLength(2)
})

test('changing needs the old password', () => {
  const input = { account: centre.admin, oldPassword: '猜的', newPassword: '新的密码-88' }
  expect(codeIn(() => changePassword(centre.dataDir, centre.base, centre.adminActor, input, TEST_COST))).toBe(
    'WRONG_PASSWORD',
  )
})

test('who leaves loses account and slot, needs no password of theirs, and the key is to be changed', () => {
  const { account } = centre.addStaff('zhao', ['clerk'])
  writeTx(centre.base, centre.adminActor, (tx) => {
    patchRow(tx, 'staff', account.staffId, { active: false })
  })
  syncKeysFile(centre.dataDir, centre.base, [])
  const file = readKeysFile(centre.dataDir)
  expect(file.accounts.map((one) => one.account)).toEqual(['admin'])
  expect(account.compartmentKeys(file, 'base')).toEqual([])
  expect(file.compartments.base.rotationDue).toBe(true)
  expect(codeIn(() => enter('zhao', TEST_PASSWORD))).toBe('WRONG_PASSWORD')
})

test('a name that is taken is refused', () => {
  centre.addStaff('li', ['clerk'])
  expect(codeIn(() => centre.addStaff('Li', ['clerk']))).toBe('BAD_INPUT')
})

const fail = (times: number): void => {
  for (let count = 0; count < times; count++)
    expect(codeIn(() => enter('admin', '错'))).toBe('WRONG_PASSWORD')
}

test('five free tries, then a delay that doubles, whatever the clock says', () => {
  fail(5)
  expect(codeIn(() => enter('admin', TEST_PASSWORD))).toBe('TOO_MANY_TRIES')
  centre.clock.advance(365 * 86_400_000)
  expect(codeIn(() => enter('admin', TEST_PASSWORD))).toBe('TOO_MANY_TRIES')
  uptime += 5
  fail(1)
  uptime += 9
  expect(codeIn(() => enter('admin', '错'))).toBe('TOO_MANY_TRIES')
  uptime += 1
  expect(enter('admin', TEST_PASSWORD).account.account).toBe('admin')
  fail(5)
})

test('after a restart of the machine only the time since then counts', () => {
  fail(5)
  uptime = 4
  expect(codeIn(() => enter('admin', TEST_PASSWORD))).toBe('TOO_MANY_TRIES')
  uptime = 6
  expect(enter('admin', TEST_PASSWORD).account.account).toBe('admin')
})

test('removing or altering the count means the longest wait, not a fresh start', () => {
  const path = join(centre.dataDir, 'attempts.json')
  const whole = readFileSync(path)
  rmSync(path)
  expect(codeIn(() => enter('admin', TEST_PASSWORD))).toBe('TOO_MANY_TRIES')
  expect(existsSync(path)).toBe(true)
  writeFileSync(path, whole.toString('utf8').replace('"pending\\":[', '"pending\\":[ '))
  expect(codeIn(() => enter('admin', TEST_PASSWORD))).toBe('TOO_MANY_TRIES')
  uptime += 900
  expect(enter('admin', TEST_PASSWORD).account.account).toBe('admin')
})

test('failed tries reach the audit chain once, without what was typed', () => {
  fail(2)
  expect(codeIn(() => enter('不存在', TEST_PASSWORD))).toBe('WRONG_PASSWORD')
  const context = { dataDir: centre.dataDir, keys: readKeysFile(centre.dataDir), uptime: () => uptime }
  absorbAttempts(context, centre.base)
  absorbAttempts(context, centre.base)
  const rows = centre.base.db.all<{ outcome: string; staff_id: string }>(
    sql`SELECT * FROM audit_entry ORDER BY seq`,
  )
  expect(rows.map((row) => row.outcome)).toEqual(['wrong_password', 'wrong_password', 'unknown_account'])
  expect(rows[0]?.staff_id).toBe(centre.admin.staffId)
  expect(JSON.stringify(rows)).not.toContain('不存在')
  expect(verifyAudit(centre.base.db)).toBeNull()
})
