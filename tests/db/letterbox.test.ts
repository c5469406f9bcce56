import { afterEach, beforeEach, expect, test } from 'vitest'
import { openForm, openReceipt, sealForm } from '../../db/letterbox/box'
import { readKeysFile, RECOVERY } from '../../db/keys/file'
import { newPairs, recoveryPairs } from '../../db/keys/pairs'
import { openSlots } from '../../db/keys/slots'
import { openHeld } from '../../db/open'
import { patchRow } from '../../db/rows'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { codeIn } from '../helpers/errors'
import { createTestCentre, type TestCentre } from '../helpers/store'

let centre: TestCentre
beforeEach(() => {
  centre = createTestCentre()
})
afterEach(() => {
  centre.dispose()
})

const FORM = { name: '赵某', need: '夜里睡不着，想找人说说话' }
const seal = (form: unknown = FORM, compartment: 'psych' | 'roster' = 'psych') =>
  sealForm(centre.base, compartment, form, { name: '赵某' }, centre.admin.boxPublic)
const open = (compartment: 'psych' | 'roster'): Store => {
  const { dataDir, clock, random, recoverySecret } = centre
  const keys = openSlots(
    readKeysFile(dataDir),
    compartment,
    RECOVERY,
    recoveryPairs(recoverySecret).boxPrivate,
  )
  return openHeld({ dataDir, compartment, keys, clock, random }).store
}

test('the compartment reads it, the sender only the receipt, base and other compartments nothing', () => {
  const sealed = seal()
  const psych = open('psych')
  const roster = open('roster')
  expect(openForm(psych, sealed.ciphertext)).toEqual(FORM)
  expect(codeIn(() => openForm(roster, sealed.ciphertext))).toBe('COMPARTMENT_CLOSED')
  expect(openReceipt(centre.admin.openSealed, sealed.receipt)).toEqual({ name: '赵某' })
  expect(codeIn(() => centre.admin.openSealed(sealed.ciphertext))).toBe('COMPARTMENT_CLOSED')
  expect(Buffer.from(sealed.ciphertext.split('.')[2] ?? '', 'base64url').includes(Buffer.from('赵'))).toBe(
    false,
  )
  psych.connection.close()
  roster.connection.close()
})

test('length tells nothing below the steps, and equal forms look different', () => {
  const lengths = ['', '很短', '长'.repeat(300)].map((need) => seal({ need }).ciphertext.length)
  expect(new Set(lengths).size).toBe(1)
  expect(seal({ need: '长'.repeat(600) }).ciphertext.length).toBeGreaterThan(lengths[0] ?? 0)
  expect(seal().ciphertext).not.toBe(seal().ciphertext)
})

test('the longest form fits its step and comes back whole', () => {
  const need = '很长'.repeat(30_000)
  const psych = open('psych')
  expect(openForm(psych, seal({ need }).ciphertext)).toEqual({ need })
  psych.connection.close()
})

test('a box put in the place of the real one is refused before anything is sealed', () => {
  writeTx(centre.base, centre.adminActor, (tx) => {
    patchRow(tx, 'compartment_box', 'psych', { box_public: newPairs().boxPublic })
  })
  expect(codeIn(() => seal())).toBe('COMPARTMENT_CLOSED')
  expect(() => seal(FORM, 'roster')).not.toThrow()
})
