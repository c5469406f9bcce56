/** The invented town is founded, its units, people and holders of confidential lists are entered by the administrator. */
import type { Clock, Random } from '../../../domain/clock'
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../../domain/compartments'
import type { Post } from '../../../domain/posts'
import { POST_COMPARTMENT } from '../../../domain/posts'
import { insertStaff, newAccountKeys, signIn } from '../../../db/accounts/account'
import { giveFirstGrant } from '../../../db/accounts/grants'
import { foundCentre } from '../../../db/joining/found'
import { endorseReplica } from '../../../db/joining/intro'
import { townUnitId } from '../../../db/joining/seed'
import { unlockedAccount, type UnlockedAccount } from '../../../db/keys/account'
import { readKeysFile, RECOVERY } from '../../../db/keys/file'
import { recoveryPairs, type KeyPairs } from '../../../db/keys/pairs'
import type { ScryptCost } from '../../../db/keys/password'
import { openSlots } from '../../../db/keys/slots'
import { syncKeysFile } from '../../../db/keys/sync'
import { closeStore, openHeld, type HeldStore } from '../../../db/open'
import { applyCounter } from '../../../db/replication/basis'
import { savePoolMember, saveUnit } from '../../../db/services/pool'
import { sql } from '../../../db/sql'
import type { Actor, Store, Viewer, WriteTx } from '../../../db/store'
import { writeTx } from '../../../db/transaction'
import { viewerOf } from '../../../db/visibility/viewer'
import type { Cast } from './play'
import { ADMIN, AREA_CODE, CENTRE_NAME, DEMO_PASSWORD, STAFF, TERMINAL_NAME, UNITS } from './town'

export interface Town {
  readonly centreName: string
  readonly stores: ReadonlyMap<Compartment, Store>
  readonly cast: Cast
  readonly recoverySecret: Uint8Array
  readonly boxPublic: (account: string) => string
}

export interface TownFounding {
  readonly dataDir: string
  readonly clock: Clock
  readonly random: Random
  readonly cost: ScryptCost
}

const requestId = 'demonstration'

/** @returns the town with every compartment open. @throws AppError ALREADY_SET_UP, READ_ONLY, DISK_FULL */
export function foundTown(founding: TownFounding): Town {
  const { dataDir, clock } = founding
  const { recoverySecret } = foundCentre({
    ...founding,
    centreName: CENTRE_NAME,
    areaCode: AREA_CODE,
    terminalName: TERMINAL_NAME,
    adminName: ADMIN.name,
    adminAccount: ADMIN.account,
    password: DEMO_PASSWORD,
  })
  const recovery = recoveryPairs(recoverySecret)
  const signedIn = signIn({
    dataDir,
    account: ADMIN.account,
    password: DEMO_PASSWORD,
    clock,
    uptime: () => 0,
  })
  const held = openAll(founding, recovery, signedIn.baseKeys)
  const stores = new Map(held.map(({ store }) => [store.compartment, store]))
  try {
    const base = only(held, 'base').store
    const admin = actorOf(base, signedIn.account, 'administrator')
    const accounts = new Map([[ADMIN.account, signedIn.account]])
    const units = writeTx(base, admin, enterUnits)
    for (const [account, keys] of enterStaff(base, admin, units, founding.cost)) accounts.set(account, keys)
    giveFirstGrants(base, admin, recovery, accounts)
    syncKeysFile(dataDir, base, held)
    endorseAll(held, accounts)
    const cast = castOf(base, accounts, units)
    const boxPublic = (account: string): string => of(accounts, account).boxPublic
    return { centreName: CENTRE_NAME, stores, cast, recoverySecret, boxPublic }
  } catch (error) {
    for (const store of stores.values()) closeStore(store)
    throw error
  }
}

function of<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name)
  if (found === undefined) throw new Error(`the town has no ${name}`)
  return found
}

function only(held: readonly HeldStore[], compartment: Compartment): HeldStore {
  const found = held.find(({ store }) => store.compartment === compartment)
  if (found === undefined) throw new Error(`${compartment} is not open`)
  return found
}

/** Confidential files are opened with the recovery key, as when their first holder is granted. */
function openAll(
  { dataDir, clock, random }: TownFounding,
  recovery: KeyPairs,
  baseKeys: readonly Uint8Array[],
): HeldStore[] {
  const file = readKeysFile(dataDir)
  const open = (compartment: Compartment, keys: readonly Uint8Array[]): HeldStore =>
    openHeld({ dataDir, compartment, keys, clock, random })
  return [
    open('base', baseKeys),
    ...CONFIDENTIAL_COMPARTMENTS.map((name) =>
      open(name, openSlots(file, name, RECOVERY, recovery.boxPrivate)),
    ),
  ]
}

function actorOf(base: Store, account: UnlockedAccount, post: Post): Actor {
  const row = base.db.get<{ id: string }>(sql`SELECT id FROM staff_post
    WHERE staff_id = ${account.staffId} AND post = ${post} AND active = 1`)
  if (row === undefined) throw new Error(`${account.account} has no post ${post}`)
  return { staffId: account.staffId, postRowId: row.id, post, typedFor: null, sign: account.sign }
}

/** @returns ids by name. */
function enterUnits(tx: WriteTx): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { name, kind, parent, code } of UNITS) {
    const parentId = parent === '' ? townUnitId(AREA_CODE) : of(ids, parent)
    ids.set(name, saveUnit(tx, { requestId, basis: 0, id: null, patch: { name, kind, parentId, code } }))
  }
  return ids
}

function enterStaff(
  base: Store,
  admin: Actor,
  units: ReadonlyMap<string, string>,
  cost: ScryptCost,
): [string, UnlockedAccount][] {
  const made = STAFF.map((one) => ({ one, keys: newAccountKeys(DEMO_PASSWORD, cost) }))
  return writeTx(base, admin, (tx) =>
    made.map(({ one, keys }) => {
      const { account, name, posts, fields } = one
      const orgUnitId = one.unit === '' ? null : of(units, one.unit)
      const { staffId } = insertStaff(tx, { name, phone: '', account, orgUnitId, posts }, keys)
      if (fields !== null) {
        const patch = { fields, orgUnitId, active: true }
        savePoolMember(tx, { requestId, basis: applyCounter(tx), staffId, patch })
      }
      return [account, unlockedAccount({ staffId, account, name }, keys.pairs)]
    }),
  )
}

/** Who holds which confidential list, by the post that opens it. */
const HOLDERS = STAFF.flatMap((one) => {
  const compartment = POST_COMPARTMENT[one.posts[0]]
  return compartment === undefined ? [] : [{ account: one.account, post: one.posts[0], compartment }]
})

function giveFirstGrants(
  base: Store,
  admin: Actor,
  recovery: KeyPairs,
  accounts: ReadonlyMap<string, UnlockedAccount>,
): void {
  writeTx(base, admin, (tx) => {
    for (const { account, compartment } of HOLDERS)
      giveFirstGrant(tx, recovery, compartment, of(accounts, account).staffId)
  })
}

function endorseAll(held: readonly HeldStore[], accounts: ReadonlyMap<string, UnlockedAccount>): void {
  const base = only(held, 'base').store
  for (const { account, post, compartment } of HOLDERS) {
    const holder = of(accounts, account)
    endorseReplica(base, only(held, compartment).store, actorOf(base, holder, post), holder)
  }
}

function castOf(
  base: Store,
  accounts: ReadonlyMap<string, UnlockedAccount>,
  units: ReadonlyMap<string, string>,
): Cast {
  const people = new Map(
    STAFF.map((one): [string, { actor: Actor; viewer: Viewer }] => {
      const actor = actorOf(base, of(accounts, one.account), one.posts[0])
      const unitId = one.unit === '' ? null : of(units, one.unit)
      const { staffId, post } = actor
      return [one.account, { actor, viewer: viewerOf(base.db, { staffId, post, unitId }) }]
    }),
  )
  return {
    actor: (account) => of(people, account).actor,
    viewer: (account) => of(people, account).viewer,
    staffId: (account) => of(accounts, account).staffId,
    unitId: (name) => of(units, name),
  }
}
