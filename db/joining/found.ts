/** Founding a centre: the first terminal makes every file, every key and the first rows (DESIGN.md section 4, Joining). */
import { randomBytes } from 'node:crypto'
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { localDateOf, type Clock, type Random } from '../../domain/clock'
import { insertStaff, newAccountKeys } from '../accounts/account'
import { startAttempts } from '../accounts/attempts'
import { randomId } from '../ids'
import { writeKeysFile } from '../keys/file'
import { newPairs, recoveryPairs, signWith, type KeyPairs } from '../keys/pairs'
import type { ScryptCost } from '../keys/password'
import { keepTerminalKeys, replicaKeysOf } from '../keys/replica'
import { closeStore, createStore, type HeldStore } from '../open'
import { insertRow } from '../rows'
import type { Actor, Store, WriteTx } from '../store'
import { writeTx } from '../transaction'
import { makeBox, type NewBox } from '../letterbox/box'
import { discardMade, firstKeys, prepareEmptyFolder } from './folderKeys'
import { insertIntro, signIntro } from './intro'
import { rememberTown, seedShipped } from './seed'

export interface Founding {
  readonly dataDir: string
  readonly centreName: string
  /** 12 digits. */
  readonly areaCode: string
  readonly terminalName: string
  readonly adminName: string
  readonly adminAccount: string
  readonly password: string
  readonly clock: Clock
  readonly random: Random
  /** Of scrypt; calibrated unless a test says otherwise. */
  readonly cost?: ScryptCost
}
export interface Founded {
  readonly centreId: string
  readonly adminStaffId: string
  /** 32 bytes for the recovery sheet: shown once, kept nowhere. */
  readonly recoverySecret: Uint8Array
}

const FIRST_NUMBER = '01'

/**
 * Makes the centre in an empty folder. Until `keys.json` is written the folder counts as empty.
 * @throws AppError ALREADY_SET_UP, READ_ONLY, DISK_FULL
 */
export function foundCentre(input: Founding): Founded {
  const { dataDir, clock, random } = input
  prepareEmptyFolder(dataDir, clock)
  const recoverySecret = new Uint8Array(randomBytes(32))
  const recovery = recoveryPairs(recoverySecret)
  const admin = newAccountKeys(input.password, input.cost)
  const terminal = newPairs()
  const centreId = randomId(random)
  const terminalId = randomId(random)
  const make = (compartment: Compartment): HeldStore => {
    const key = new Uint8Array(randomBytes(32))
    const identity = { centreId, terminalId, terminalNumber: FIRST_NUMBER, recovery }
    return { store: createStore({ dataDir, compartment, key, ...identity, clock, random }), key }
  }
  const held = {
    base: make('base'),
    psych: make('psych'),
    roster: make('roster'),
    children: make('children'),
  }
  const stores: Readonly<Record<Compartment, Store>> = {
    base: held.base.store,
    psych: held.psych.store,
    roster: held.roster.store,
    children: held.children.store,
  }
  try {
    const boxes = CONFIDENTIAL_COMPARTMENTS.map((name) => makeBox(centreId, name, recovery))
    const adminStaffId = writeFirstRows(input, stores, { admin, terminal, terminalId, recovery, boxes })
    const names = { centreId, centreName: input.centreName, terminalName: input.terminalName }
    const keys = firstKeys({ ...names, terminalNumber: FIRST_NUMBER }, held)
    startAttempts(dataDir, keys)
    writeKeysFile(dataDir, keys)
    for (const store of Object.values(stores)) closeStore(store)
    return { centreId, adminStaffId, recoverySecret }
  } catch (error) {
    discardMade(dataDir, Object.values(held))
    throw error
  }
}

interface FirstKeys {
  readonly admin: ReturnType<typeof newAccountKeys>
  readonly terminal: KeyPairs
  readonly terminalId: string
  readonly recovery: KeyPairs
  readonly boxes: readonly NewBox[]
}

function writeFirstRows(
  input: Founding,
  stores: Readonly<Record<Compartment, Store>>,
  keys: FirstKeys,
): string {
  const { base } = stores
  const town = {
    areaCode: input.areaCode,
    centreName: input.centreName,
    foundedOn: localDateOf(input.clock.now()),
  }
  rememberTown(base, town)
  seedShipped(base, town)
  keepTerminalKeys(base, keys.terminal)
  // The ids are drawn first: the founding is written in the name of the post it makes itself.
  const actor: Actor = {
    staffId: randomId(input.random),
    postRowId: randomId(input.random),
    post: 'administrator',
    typedFor: null,
    sign: (bytes) => signWith(keys.admin.pairs.signPrivate, bytes),
  }
  writeTx(base, actor, (tx) => {
    insertCentre(tx, input, keys)
    insertAdmin(tx, input, keys, actor)
    insertRow(
      tx,
      'terminal',
      {
        number: FIRST_NUMBER,
        name: input.terminalName,
        sign_public: keys.terminal.signPublic,
        box_public: keys.terminal.boxPublic,
        active: true,
      },
      keys.terminalId,
    )
    for (const store of Object.values(stores)) insertIntro(tx, firstIntro(store, keys))
    for (const { row } of keys.boxes) insertRow(tx, 'compartment_box', row, row.compartment)
  })
  for (const { row, secret } of keys.boxes) {
    writeTx(stores[row.compartment], actor, (tx) => {
      insertRow(tx, 'box_secret', { ...secret, made_at: tx.now }, row.compartment)
    })
  }
  return actor.staffId
}

function insertCentre(tx: WriteTx, input: Founding, keys: FirstKeys): void {
  insertRow(
    tx,
    'centre',
    {
      name: input.centreName,
      area_code: input.areaCode,
      recovery_public: keys.recovery.boxPublic,
      recovery_sign_public: keys.recovery.signPublic,
      founded_at: tx.now,
      admitting_terminal_id: keys.terminalId,
      admitting_epoch: 1,
      gateway_terminal_id: keys.terminalId,
      gateway_epoch: 1,
    },
    tx.store.centreId,
  )
}

function insertAdmin(tx: WriteTx, input: Founding, keys: FirstKeys, actor: Actor): void {
  const staff = { name: input.adminName, phone: '', account: input.adminAccount, orgUnitId: null }
  insertStaff(tx, { ...staff, posts: ['administrator'] }, keys.admin, actor)
}

function firstIntro(store: Store, keys: FirstKeys): ReturnType<typeof signIntro> {
  const replica = replicaKeysOf(store)
  return signIntro(
    {
      compartment: store.compartment,
      replica: store.replica,
      terminal_id: keys.terminalId,
      predecessor: '',
      predecessor_seq: 0,
      recipient: replica.recipient,
      sign_public: replica.signPublic,
    },
    (bytes) => signWith(keys.terminal.signPrivate, bytes),
  )
}
