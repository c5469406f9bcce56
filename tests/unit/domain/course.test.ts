import { describe, expect, it } from 'vitest'
import { foldRegister, type CourseEvent } from '../../../domain/course/fold'
import { COURSE_KINDS } from '../../../domain/course/kinds'
import { STATES } from '../../../domain/course/states'
import { checkStep, legalNext, matterState } from '../../../domain/course/steps'
import { AGREED, desk, working } from './course-desk'

describe('办理的一生', () => {
  it('from opening to closing, with dates, result and deadlines', () => {
    const one = working()
    expect(one.state()).toMatchObject({
      state: 'in_progress',
      stateText: '办理中',
      acceptedOn: '2026-11-04',
      mediatorIds: ['m1'],
      due: { dueOn: '2026-12-04', rule: 'mediation' },
    })
    one.step('agreed', AGREED, '2026-11-09', 'm1')
    expect(one.state()).toMatchObject({
      state: 'agreed',
      outcome: 'agreed',
      outcomeOn: '2026-11-09',
      form: 'oral',
      amountFen: 300_000,
      due: { dueOn: '2026-11-15', rule: 'performance' },
    })
    one.step('fulfilled', {}, '2026-11-15', 'm1')
    expect(one.state().due).toBeNull()
    one.step('verified', { result: 'satisfied', text: '电话核实' }, '2026-11-16', 'c1')
    one.step('closed', {}, '2026-11-16', 'c1')
    expect(one.state()).toMatchObject({
      state: 'closed',
      stateText: '已办结（达成协议）',
      outcomeOn: '2026-11-09',
    })
    expect(legalNext(one.state(), 'director')).toEqual(['reopened'])
    one.step('reopened', { reason: '当事人反悔' }, '2026-11-20')
    expect(one.state()).toMatchObject({
      state: 'reopened',
      outcome: null,
      form: null,
      due: { dueOn: '2026-12-21' },
    })
  })

  it('a result the citizen does not confirm goes back, with a deadline of its own', () => {
    const one = working()
    one.step('eased', { text: '双方平静' }, '2026-11-09', 'm1')
    expect(one.state().due).toBeNull()
    one.step('verified', { result: 'not', text: '对方否认' }, '2026-11-10', 'c1')
    expect(one.state()).toMatchObject({ state: 'returned', outcome: null, due: { dueOn: '2026-12-10' } })
    expect(legalNext(one.state(), 'mediator')).toContain('agreed')
  })

  it('is suspended and resumed, extended with both consents', () => {
    const one = working()
    one.step('suspended', { reason: '等鉴定' }, '2026-11-10', 'm1')
    expect(one.state()).toMatchObject({ state: 'suspended', suspendedOn: '2026-11-10', due: null })
    one.step('resumed', {}, '2026-11-18', 'm1')
    expect(one.state()).toMatchObject({
      state: 'in_progress',
      suspendedOn: null,
      due: { dueOn: '2026-12-14' },
    })
    const short = checkStep(one.state(), 'extended', { to: '2026-12-14', bothConsent: 'yes' })
    expect(short).toMatchObject({ ok: false, field: 'to' })
    one.step('extended', { to: '2026-12-30', bothConsent: 'yes' }, '2026-12-10', 'm1')
    expect(one.state()).toMatchObject({ state: 'in_progress', due: { dueOn: '2026-12-30' } })
  })
})

describe('一步是否可办', () => {
  it('is not verified by anybody who handled it, before a change of mediator or after', () => {
    const one = working()
    one.step('assigned', { mediatorIds: ['m2'] })
    one.step('not_reached', { text: '已告知可起诉' }, '2026-11-09', 'm2')
    for (const who of ['m1', 'm2']) {
      expect(checkStep(one.state(), 'verified', { result: 'satisfied', text: '好' }, who)).toMatchObject({
        ok: false,
      })
    }
    expect(checkStep(one.state(), 'verified', { result: 'satisfied', text: '好' }, 'c1')).toMatchObject({
      ok: true,
    })
  })

  it('offers each post what it may do', () => {
    const one = desk()
    one.step('opened')
    expect(legalNext(one.state(), 'clerk')).toEqual(['accepted', 'refused', 'withdrawn'])
    one.step('accepted')
    expect(legalNext(one.state(), 'clerk')).not.toContain('assigned')
    expect(legalNext(one.state(), 'director')).toContain('assigned')
    expect(legalNext(one.state(), 'auditor')).toEqual([])
  })

  it.each([
    ['closed', {}, '目前是“办理中”'],
    ['agreed', { form: 'oral' }, '协议内容'],
    ['agreed', { ...AGREED, form: 'sung' }, '协议形式'],
    ['agreed', { ...AGREED, performBy: '2026-02-30' }, '日期'],
    ['agreed', { ...AGREED, amountFen: -1 }, '金额'],
    ['agreed', { ...AGREED, due: { dueOn: '2030-01-01' } }, '没有“due”'],
    ['assigned', { mediatorIds: [] }, '调解员'],
    ['eased', { text: '   ' }, '缓和情况'],
    ['eased', { text: '长'.repeat(10_001) }, '最多'],
    ['flown', {}, '本版本没有'],
  ])('%s %j is refused', (kind, data, word) => {
    const checked = checkStep(working().state(), kind, data)
    expect(checked.ok ? '' : checked.message).toContain(word)
  })

  it('recording is legal at any time and does not steer', () => {
    const one = working()
    expect(checkStep(one.state(), 'session', { text: '到现场' })).toEqual({
      ok: true,
      data: { text: '到现场' },
    })
    const note: CourseEvent = {
      id: 'n1',
      kind: 'note',
      parents: [],
      data: { text: '电话' },
      happenedOn: '2026-11-30',
      order: { lamport: 99, replica: 'b' },
    }
    expect(foldRegister('handling', [...one.events, note])).toEqual(one.state())
  })
})

describe('事项的状态', () => {
  const own = (): ReturnType<typeof desk> => {
    const one = desk([], 'm', 'matter')
    one.step('registered')
    return one
  }
  it('follows the most pressing handling, and its own end', () => {
    const closed = working()
    closed.step('answered', { text: '已答复' }, '2026-11-09', 'm1')
    closed.step('verified', { result: 'satisfied', text: '好' }, '2026-11-10', 'c1')
    closed.step('closed')
    const matter = own()
    expect(matterState(matter.state(), [])).toMatchObject({
      state: 'active',
      stateText: '已登记',
      category: 'open',
    })
    const mixed = matterState(matter.state(), [closed.state(), working().state()])
    expect(mixed).toMatchObject({ state: 'in_progress', category: 'open', due: { dueOn: '2026-12-04' } })
    expect(matterState(matter.state(), [closed.state()])).toMatchObject({
      category: 'done',
      stateText: '已办结（已答复）',
    })
    matter.step('void', { reason: '重复登记' })
    expect(matterState(matter.state(), [working().state()])).toMatchObject({ state: 'void', due: null })
    matter.step('matter_reopened', { reason: '误作废' })
    expect(matterState(matter.state(), [working().state()])).toMatchObject({ state: 'in_progress' })
  })
  it('answered on the spot is done', () => {
    const one = desk([], 'm', 'matter')
    one.step('registered', { answered: 'on_spot' })
    expect(matterState(one.state(), [])).toMatchObject({ state: 'answered_on_spot', category: 'done' })
  })
})

it('every declared step leads from and to states that exist, and somebody may make it', () => {
  for (const [name, kind] of Object.entries(COURSE_KINDS)) {
    const targets = [kind.to, ...Object.values(kind.toBy?.states ?? {})].filter((one) => one !== null)
    for (const state of [...targets, ...kind.from.filter((one) => one !== 'start')]) {
      expect(Object.keys(STATES), name).toContain(state)
    }
    expect(kind.posts.length, name).toBeGreaterThan(0)
    if (kind.toBy) expect(Object.keys(kind.data), name).toContain(kind.toBy.field)
  }
})
