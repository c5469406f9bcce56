import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_PASSWORD } from '../helpers/store'
import { createCentre, exported, imported, requestId, sealedInput, visitInput } from '../helpers/terminals'
import type { Centre, Seat, Terminal } from '../helpers/terminals'
import { keysOf } from '../exchange/packages'

let centre: Centre
beforeAll(async () => {
  centre = await createCentre()
  await centre.grant('psych', 'chen')
  const wang = await centre.first.seat('wang')
  await wang.call('sealed.send', sealedInput('金丝雀甲'))
})
afterAll(() => centre.dispose())

/** The administrator acts as psychological-service worker: the post is there, the key is not. */
async function stillNoKey(terminal: Terminal): Promise<Seat> {
  const admin = await terminal.seat('admin', 'psych_worker')
  expect((await admin.call('session.info', {})).currentPost).toBe('psych_worker')
  for (const route of ['psych.list', 'psych.get'] as const) {
    const error = await admin.refused(route, route === 'psych.get' ? { id: 'x' } : {})
    expect(error.code).toBe('COMPARTMENT_CLOSED')
    expect(error.message).toContain('专库')
  }
  expect(() => terminal.core.dump(admin.client, 'psych')).toThrow('保密专库')
  const give = { compartment: 'psych', staffId: centre.staff.admin }
  expect(['COMPARTMENT_CLOSED', 'FORBIDDEN']).toContain((await admin.refused('grant.give', give)).code)
  expect(keysOf(terminal.dataDir, 'psych', 'admin')).toEqual([])
  return admin
}

test('an administrator who gives himself the post gets no key: at once, after a restart, after a joining', async () => {
  const { first } = centre
  const admin = await first.seat('admin')
  const basis = (await admin.call('staff.list', {}))[0]?.basis ?? 0
  const staffId = centre.staff.admin
  await admin.call('staff.set_post', {
    requestId: requestId(),
    basis,
    staffId,
    patch: { post: 'psych_worker', active: true },
  })
  await admin.call('session.sign_out', {})
  await stillNoKey(first)
  await first.reopen()
  await stillNoKey(first)
  const second = await centre.join('second')
  await stillNoKey(second)
  // Whoever holds the grant has it there as here.
  const chen = await first.seat('chen', 'psych_worker')
  expect((await chen.call('psych.list', {})).total).toBe(1)
  expect(keysOf(second.dataDir, 'psych', 'chen')).toHaveLength(1)
})

test('the recovery sheet gives the first grant, any other sheet none; a holder passes it on', async () => {
  const { first, recoverySheet, staff } = centre
  const admin = await first.seat('admin', 'administrator')
  const words = recoverySheet.replace(/[A-Z2-9]{4}/, (part) => [...part].reverse().join(''))
  const wrong = { compartment: 'roster', staffId: staff.sun, recoverySheet: words }
  expect((await admin.refused('grant.give_first', wrong)).code).toBe('BAD_INPUT')
  expect(keysOf(first.dataDir, 'roster', 'sun')).toEqual([])
  await centre.grant('roster', 'sun')
  const sun = await first.seat('sun')
  expect((await sun.call('roster.list', {})).total).toBe(0)
  expect((await sun.refused('grant.give', { compartment: 'psych', staffId: staff.sun })).code).toBe(
    'COMPARTMENT_CLOSED',
  )
  await sun.call('grant.give', { compartment: 'roster', staffId: staff.he })
  expect(keysOf(first.dataDir, 'roster', 'he')).toHaveLength(1)
})

test('who lost the post writes nothing more, here and after the exchange', async () => {
  const { first } = centre
  const second = await centre.join('third')
  const li = await first.seat('li')
  const he = await first.seat('he')
  const { matterId } = await he.call('visit.register', visitInput('陈大山'))
  const admin = await first.seat('admin', 'administrator')
  const basis = (await admin.call('staff.list', {}))[0]?.basis ?? 0
  await admin.call('staff.set_post', {
    requestId: requestId(),
    basis,
    staffId: centre.staff.li,
    patch: { post: 'mediator', active: false },
  })
  const record = {
    requestId: requestId(),
    matterId,
    handlingId: null,
    patch: { kind: 'note', happenedOn: '2026-03-02', text: '迟来的一条' },
  }
  expect((await li.refused('course.record', record)).code).toMatch(/FORBIDDEN|NOT_FOUND/)
  expect((await li.refused('visit.register', visitInput('何秀英'))).code).toBe('FORBIDDEN')
  const again = await first.core.call('li-again', 'session.sign_in', {
    account: 'li',
    password: TEST_PASSWORD,
  })
  expect(again).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
  // At the other terminal the news has not come yet: what is written there in good faith is kept everywhere.
  const there = await second.seat('li')
  const good = await there.call('visit.register', visitInput('郭春兰'))
  const folder = join(centre.root, 'withdrawn')
  await exported(await second.seat('wang'), folder)
  expect(await imported(await first.seat('wang'), folder)).toMatchObject([{ outcome: 'applied', parked: 0 }])
  expect(await first.dump()).toContain(good.matterId)
  await exported(await first.seat('wang'), `${folder}-back`)
  await imported(await second.seat('wang'), `${folder}-back`)
  expect((await there.refused('visit.register', visitInput('周小云'))).code).toBe('FORBIDDEN')
  expect(await second.dump()).toBe(await first.dump())
})
