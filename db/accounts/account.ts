/** Signing in, new accounts, new passwords. No password and no hash of one lies in a database (DESIGN.md section 5). */
import { AppError } from '../../domain/errors'
import type { Clock } from '../../domain/clock'
import type { Post } from '../../domain/posts'
import { unlockAccount, type UnlockedAccount } from '../keys/account'
import { readKeysFile } from '../keys/file'
import { newPairs, secretOf, type KeyPairs } from '../keys/pairs'
import { calibratedCost, wrapUnder, wrongPassword, type ScryptCost, type Wrapped } from '../keys/password'
import { getRow, insertRow, patchRow } from '../rows'
import { sql } from '../sql'
import type { Actor, Store, WriteTx } from '../store'
import { writeTx } from '../transaction'
import { assertMayTry, recordFailure, recordSuccess, type AttemptContext } from './attempts'

export interface SignIn {
  readonly dataDir: string
  readonly account: string
  readonly password: string
  readonly clock: Clock
  /** Seconds since the machine started. */
  readonly uptime: () => number
}
export interface SignedIn {
  readonly account: UnlockedAccount
  /** Keys of base, newest first. */
  readonly baseKeys: readonly Uint8Array[]
}

/** Account names are compared as they are typed, without regard to case. */
const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.trim().toLowerCase()

/**
 * Works before base is open. Takes about half a second: scrypt.
 * @throws AppError WRONG_PASSWORD (also for an unknown account), TOO_MANY_TRIES, COMPARTMENT_CLOSED when this terminal
 *   has no key for the account yet
 */
export function signIn(input: SignIn): SignedIn {
  const { dataDir, clock, uptime } = input
  const file = readKeysFile(dataDir)
  const known = file.accounts.find((one) => sameName(one.account, input.account))
  const context: AttemptContext = { dataDir, keys: file, uptime }
  // Unknown names share one count: otherwise the file would grow with every guess.
  const counted = known?.account ?? ''
  assertMayTry(context, counted)
  try {
    if (known === undefined) throw spentInVain(input.password)
    const account = unlockAccount(known, input.password)
    recordSuccess(context, counted)
    const baseKeys = account.compartmentKeys(file, 'base')
    if (baseKeys.length === 0) throw noKeyHere()
    return { account, baseKeys }
  } catch (error) {
    if (error instanceof AppError && error.code === 'WRONG_PASSWORD')
      recordFailure(context, counted, clock.now())
    throw error
  }
}

/** An unknown account costs the same time as a wrong password. */
function spentInVain(password: string): AppError {
  wrapUnder(password, new Uint8Array(64), calibratedCost())
  return wrongPassword()
}

function noKeyHere(): AppError {
  return new AppError(
    'COMPARTMENT_CLOSED',
    '这台终端上还没有您的钥匙。请先让一位能登录本机的同事登录一次，再用您的账号登录。',
  )
}

export interface NewStaff {
  readonly name: string
  readonly phone: string
  /** Sign-in name; unique among active staff. */
  readonly account: string
  readonly orgUnitId: string | null
  readonly posts: readonly Post[]
}

/** A new account's pairs and their wrapping: made before the transaction, since scrypt takes half a second. */
export interface NewAccountKeys {
  readonly pairs: KeyPairs
  readonly wrapped: Wrapped
}

/** @param cost of scrypt; calibrated to half a second unless a test says otherwise. */
export function newAccountKeys(password: string, cost: ScryptCost = calibratedCost()): NewAccountKeys {
  const pairs = newPairs()
  return { pairs, wrapped: wrapUnder(password, secretOf(pairs), cost) }
}

/**
 * Inserts a staff member with account and posts.
 * @param ids of the staff row and its first post, where they are known before (founding); else new ones
 * @returns the staff id and the ids of the post rows in the order given
 * @throws AppError BAD_INPUT when the account name is taken
 */
export function insertStaff(
  tx: WriteTx,
  staff: NewStaff,
  keys: NewAccountKeys,
  ids?: { readonly staffId: string; readonly postRowId: string },
): { readonly staffId: string; readonly postRowIds: readonly string[] } {
  const account = staff.account.trim().toLowerCase()
  const taken = tx.get(sql`SELECT 1 FROM staff WHERE lower(account) = ${account} AND active = 1`)
  if (taken !== undefined)
    throw new AppError('BAD_INPUT', '这个账号已经有人使用，没有保存。请换一个账号。', { field: 'account' })
  const row = {
    name: staff.name,
    phone: staff.phone,
    account,
    org_unit_id: staff.orgUnitId,
    box_public: keys.pairs.boxPublic,
    sign_public: keys.pairs.signPublic,
    active: true,
  }
  const staffId = insertRow(tx, 'staff', row, ids?.staffId)
  // Inserted empty, then written: superseded writes are erased later, and an insert without a body is no row.
  insertRow(tx, 'staff_secret', { wrapped: {} }, staffId)
  patchRow(tx, 'staff_secret', staffId, { wrapped: keys.wrapped })
  const postRowIds = staff.posts.map((post, index) => {
    const given = { staff_id: staffId, post, org_unit_id: staff.orgUnitId, active: true }
    return insertRow(tx, 'staff_post', given, index === 0 ? ids?.postRowId : undefined)
  })
  return { staffId, postRowIds }
}

/**
 * Wraps the account's private halves under a new password. The old one stops working here with the next
 * `syncKeysFile`, elsewhere after one exchange.
 * @throws AppError WRONG_PASSWORD when the old one is not right
 */
export function changePassword(
  dataDir: string,
  base: Store,
  actor: Actor,
  input: { readonly account: UnlockedAccount; readonly oldPassword: string; readonly newPassword: string },
  cost: ScryptCost = calibratedCost(),
): void {
  const known = readKeysFile(dataDir).accounts.find((one) => one.staffId === input.account.staffId)
  if (known === undefined) throw wrongPassword()
  unlockAccount(known, input.oldPassword)
  const wrapped = input.account.wrapAgain(input.newPassword, cost)
  writeTx(base, actor, (tx) => {
    if (getRow(tx, 'staff_secret', input.account.staffId) === undefined)
      throw new AppError('NOT_FOUND', '没有找到您的账号，密码没有修改。请联系系统管理员。')
    patchRow(tx, 'staff_secret', input.account.staffId, { wrapped })
  })
}
