import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, Encrypter } from 'age-encryption'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { giveFirstGrant, giveGrant, grantLinks, holdersOf, verifyGrantChain } from '../../db/accounts/grants'
import { changeKey } from '../../db/connection'
import { readKeysFile, RECOVERY } from '../../db/keys/file'
import { newPairs, recoveryPairs } from '../../db/keys/pairs'
import { unwrapWith, wrapUnder } from '../../db/keys/password'
import { newReplicaKeys } from '../../db/keys/replica'
import { finishRotation, prepareRotation, rotateIfDue, rotateKey } from '../../db/keys/rotate'
import { openSealed, sealTo } from '../../db/keys/seal'
import { openSlots } from '../../db/keys/slots'
import { syncKeysFile } from '../../db/keys/sync'
import { openHeld } from '../../db/open'
import { insertRow, patchRow } from '../../db/rows'
import { writeTx } from '../../db/transaction'
import { codeIn } from '../helpers/errors'
import { createTestCentre, TEST_COST, type TestCentre } from '../helpers/store'

let centre: TestCentre
beforeEach(() => {
  centre = createTestCentre()
})
afterEach(() => {
  centre.dispose()
})

const recovery = () => recoveryPairs(centre.recoverySecret)
const recoveryKey = (compartment: 'base' | 'psych') =>
  openSlots(readKeysFile(centre.dataDir), compartment, RECOVERY, recovery().boxPrivate)
const holders = () => holdersOf(centre.base, 'psych').map((holder) => holder.staffId)
const keysOf = (who: { account: TestCentre['admin'] }) =>
  who.account.compartmentKeys(readKeysFile(centre.dataDir), 'psych')

/** Psych as opened with the recovery sheet, as the first grant does. */
const openPsych = () => {
  const { dataDir, clock, random } = centre
  return openHeld({ dataDir, compartment: 'psych', keys: recoveryKey('psych'), clock, random })
}

describe('sealing and wrapping', () => {
  test('only the private half opens what was sealed; one altered character and nobody does', () => {
    const pairs = newPairs()
    const sealed = sealTo(pairs.boxPublic, Buffer.from('内容'))
    expect(Buffer.from(openSealed(pairs.boxPrivate, sealed)).toString()).toBe('内容')
    expect(sealTo(pairs.boxPublic, Buffer.from('内容'))).not.toBe(sealed)
    expect(codeIn(() => openSealed(newPairs().boxPrivate, sealed))).toBe('COMPARTMENT_CLOSED')
    const altered = sealed.slice(0, -3) + (sealed.at(-3) === 'A' ? 'B' : 'A') + sealed.slice(-2)
    expect(codeIn(() => openSealed(pairs.boxPrivate, altered))).toBe('COMPARTMENT_CLOSED')
  })

  test('a password unwraps its own and nothing else; parameters lie beside', () => {
    const wrapped = wrapUnder('密码一二三', new Uint8Array(64).fill(7), TEST_COST)
    expect(wrapped).toMatchObject({ algorithm: 'scrypt+aes-256-gcm', N: 1024 })
    expect(unwrapWith('密码一二三', wrapped)).toEqual(new Uint8Array(64).fill(7))
    expect(codeIn(() => unwrapWith('密码一二四', wrapped))).toBe('WRONG_PASSWORD')
    expect(codeIn(() => unwrapWith('密码一二三', { ...wrapped, N: 2 ** 24 }))).toBe('WRONG_PASSWORD')
  })

  test('a replica’s exchange identity is one that age itself accepts', async () => {
    const keys = newReplicaKeys()
    const encrypter = new Encrypter()
    encrypter.addRecipient(keys.recipient)
    const decrypter = new Decrypter()
    decrypter.addIdentity(keys.identity)
    const opened = await decrypter.decrypt(await encrypter.encrypt('包裹'), 'text')
    expect(opened).toBe('包裹')
  })
})

describe('who holds a confidential compartment', () => {
  test('at the founding the recovery sheet alone', () => {
    expect(recoveryKey('psych')).toHaveLength(1)
    expect(centre.admin.compartmentKeys(readKeysFile(centre.dataDir), 'psych')).toEqual([])
    expect(holders()).toEqual([])
  })

  test('the sheet grants the first holder, that one the next; keys follow in a session that has them', () => {
    const first = centre.addStaff('chen', ['psych_worker'])
    const second = centre.addStaff('zhou', ['psych_worker'])
    writeTx(centre.base, centre.adminActor, (tx) => {
      giveFirstGrant(tx, recovery(), 'psych', first.account.staffId)
    })
    const psych = openPsych()
    syncKeysFile(centre.dataDir, centre.base, [centre.held])
    expect(keysOf(first)).toEqual([])
    syncKeysFile(centre.dataDir, centre.base, [centre.held, psych])
    expect(keysOf(first)).toEqual([psych.key])
    writeTx(centre.base, first.actor, (tx) => {
      giveGrant(tx, first.account, 'psych', second.account.staffId)
    })
    syncKeysFile(centre.dataDir, centre.base, [psych])
    expect(keysOf(second)).toEqual([psych.key])
    psych.store.connection.close()
  })

  test('another sheet grants nothing', () => {
    const { account } = centre.addStaff('chen', ['psych_worker'])
    const wrong = recoveryPairs(new Uint8Array(randomBytes(32)))
    const give = () =>
      writeTx(centre.base, centre.adminActor, (tx) => {
        giveFirstGrant(tx, wrong, 'psych', account.staffId)
      })
    expect(codeIn(give)).toBe('BAD_INPUT')
  })
})

describe('an administrator who wants in', () => {
  const adminId = () => centre.admin.staffId
  const attempt = () => {
    const psych = openPsych()
    syncKeysFile(centre.dataDir, centre.base, [centre.held, psych])
    psych.store.connection.close()
    return centre.admin.compartmentKeys(readKeysFile(centre.dataDir), 'psych')
  }

  test('giving himself the post gives no key, and he cannot pass on what he has not', () => {
    writeTx(centre.base, centre.adminActor, (tx) => {
      insertRow(tx, 'staff_post', {
        staff_id: adminId(),
        post: 'psych_worker',
        org_unit_id: null,
        active: true,
      })
    })
    expect(attempt()).toEqual([])
    const give = () =>
      writeTx(centre.base, centre.adminActor, (tx) => {
        giveGrant(tx, centre.admin, 'psych', adminId())
      })
    expect(codeIn(give)).toBe('FORBIDDEN')
  })

  test('a link of his own making, a new recovery key in the centre record, a holder’s keys exchanged: nothing', () => {
    const holder = centre.addStaff('chen', ['psych_worker'])
    writeTx(centre.base, centre.adminActor, (tx) => {
      giveFirstGrant(tx, recovery(), 'psych', holder.account.staffId)
    })
    const own = recoveryPairs(new Uint8Array(randomBytes(32)))
    const [link] = grantLinks(centre.base.db, 'psych')
    if (link === undefined) throw new Error('no link')
    writeTx(centre.base, centre.adminActor, (tx) => {
      patchRow(tx, 'centre', centre.centreId, {
        recovery_public: own.boxPublic,
        recovery_sign_public: own.signPublic,
      })
      insertRow(tx, 'compartment_grant', { ...grantOf(link), staff_id: adminId() })
      insertRow(tx, 'compartment_grant', {
        ...grantOf(link),
        given_by: holder.account.staffId,
        staff_id: adminId(),
      })
    })
    expect(holders()).toEqual([holder.account.staffId])
    expect(attempt()).toEqual([])
    // Puts his own key into the holder's record: the fingerprint in the chain no longer fits, so nobody gets a slot.
    writeTx(centre.base, centre.adminActor, (tx) => {
      patchRow(tx, 'staff', holder.account.staffId, {
        box_public: centre.admin.boxPublic,
        sign_public: centre.admin.signPublic,
      })
    })
    attempt()
    const slots = readKeysFile(centre.dataDir).compartments.psych.generations[0]?.slots ?? []
    expect(slots.map((slot) => slot.holder)).toEqual([RECOVERY])
  })

  const grantOf = (link: {
    compartment: string
    staff_id: string
    fingerprint: string
    given_by: string
    signature: string
  }) => ({
    compartment: link.compartment,
    staff_id: link.staff_id,
    fingerprint: link.fingerprint,
    given_by: link.given_by,
    signature: link.signature,
  })

  test('a recovery key of his own, put into base by his own tools, grants nothing where it counts', () => {
    const own = recoveryPairs(new Uint8Array(randomBytes(32)))
    const pin = centre.base.connection.prepare(
      `UPDATE meta SET value = ? WHERE name = 'recovery_sign_public'`,
    )
    const real = recovery().signPublic
    pin.run(own.signPublic)
    writeTx(centre.base, centre.adminActor, (tx) => {
      giveFirstGrant(tx, own, 'psych', adminId())
    })
    expect(holders()).toEqual([adminId()])
    // The compartment's own file keeps the real one, and only who has it open can add a slot.
    expect(attempt()).toEqual([])
    pin.run(real)
    expect(holders()).toEqual([])
  })

  test('the chain is the same in whatever order the links come, and a ring without a root is nobody', () => {
    const people = ['a', 'b', 'c'].map((name) => centre.addStaff(`${name}${name}`, ['psych_worker']))
    const [first, second, third] = people
    if (!first || !second || !third) throw new Error('three people')
    writeTx(centre.base, centre.adminActor, (tx) => {
      giveFirstGrant(tx, recovery(), 'psych', first.account.staffId)
    })
    for (const [from, to] of [
      [first, second],
      [second, third],
      [third, second],
    ] as const) {
      writeTx(centre.base, from.actor, (tx) => {
        giveGrant(tx, from.account, 'psych', to.account.staffId)
      })
    }
    const links = grantLinks(centre.base.db, 'psych')
    const root = recovery().signPublic
    const names = (some: typeof links) =>
      verifyGrantChain(some, centre.centreId, root)
        .map((holder) => holder.staffId)
        .sort()
    expect(names(links)).toEqual(people.map((one) => one.account.staffId).sort())
    expect(names([...links].reverse())).toEqual(names(links))
    expect(names(links.filter((link) => link.given_by !== RECOVERY))).toEqual([])
    expect(verifyGrantChain(links, '另一个中心', root)).toEqual([])
  })
})

describe('changing a key', () => {
  const reopen = () => {
    const { dataDir, clock, random } = centre
    const keys = centre.admin.compartmentKeys(readKeysFile(dataDir), 'base')
    const held = openHeld({ dataDir, compartment: 'base', keys, clock, random })
    const count = held.store.connection.prepare('SELECT count(*) FROM staff').pluck().get()
    return { held, keys, count }
  }

  test('the old key opens nothing any more, the new one everything', () => {
    const { key } = rotateKey(centre.dataDir, centre.held)
    centre.base.connection.close()
    const { held, keys, count } = reopen()
    expect(count).toBe(1)
    expect(keys).toEqual([key])
    const { dataDir, clock, random } = centre
    expect(
      codeIn(() => openHeld({ dataDir, compartment: 'base', keys: [centre.held.key], clock, random })),
    ).toBe('FILE_DAMAGED')
    const previous = readFileSync(join(dataDir, 'keys.previous.json'), 'utf8')
    expect(JSON.parse(previous)).toMatchObject({ compartments: { base: { generations: { length: 1 } } } })
    held.store.connection.close()
  })

  test.each(['before the file is encrypted anew', 'after it'])(
    'a kill %s leaves a file that opens',
    (when) => {
      const key = prepareRotation(centre.dataDir, centre.base, centre.held.key)
      if (when === 'after it') changeKey(centre.base.connection, key)
      centre.base.connection.close()
      const { held, keys } = reopen()
      expect(keys).toHaveLength(2)
      expect(held.key).toEqual(when === 'after it' ? key : centre.held.key)
      const last = rotateIfDue(centre.dataDir, held)
      expect(last.key).not.toEqual(held.key)
      expect(rotateIfDue(centre.dataDir, last)).toBe(last)
      held.store.connection.close()
      const again = reopen()
      expect(again.keys).toEqual([last.key])
      expect(again.count).toBe(1)
      again.held.store.connection.close()
    },
  )

  test('nobody is added while two generations stand, and the recovery sheet opens both', () => {
    prepareRotation(centre.dataDir, centre.base, centre.held.key)
    expect(recoveryKey('base')).toHaveLength(2)
    const { account } = centre.addStaff('neu', ['clerk'])
    expect(account.compartmentKeys(readKeysFile(centre.dataDir), 'base')).toEqual([])
    finishRotation(centre.dataDir, centre.base)
  })
})

test('keys.json holds no key, no password and no private half in clear', () => {
  const text = readFileSync(join(centre.dataDir, 'keys.json'), 'utf8')
  for (const secret of [
    centre.held.key,
    centre.recoverySecret,
    recovery().boxPrivate,
    recovery().signPrivate,
  ]) {
    expect(text).not.toContain(Buffer.from(secret).toString('base64url'))
    expect(text).not.toContain(Buffer.from(secret).toString('hex'))
  }
})
