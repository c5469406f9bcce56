import { describe, expect, it } from 'vitest'
import { SHIPPED_CALENDAR } from '../../../domain/calendar/data'
import { DUE_RULES } from '../../../domain/course/deadlines'
import { foldRegister, type CourseEvent, type RegisterState } from '../../../domain/course/fold'
import { COURSE_KINDS, courseKindText } from '../../../domain/course/kinds'
import { STATES } from '../../../domain/course/states'
import { checkStep, legalNext, matterState, stampDue } from '../../../domain/course/steps'

const rules = { acceptance: null, way: DUE_RULES['mediation'] ?? null }

/** One desk: makes events as the core would, checked against the state it sees. */
function desk(
  start: readonly CourseEvent[] = [],
  replica = 'a',
  register: 'handling' | 'matter' = 'handling',
) {
  const events = [...start]
  const state = (): RegisterState => foldRegister(register, events)
  return {
    events,
    state,
    step(
      kind: string,
      data: Record<string, unknown> = {},
      happenedOn = '2026-11-04',
      actedBy = 'boss',
    ): string {
      const seen = state()
      const checked = checkStep(seen, kind, data, actedBy)
      if (!checked.ok) throw new Error(checked.message)
      const due = stampDue({
        kind,
        data: checked.data,
        happenedOn,
        state: seen,
        rules,
        calendar: SHIPPED_CALENDAR,
      })
      const lamport = Math.max(0, ...events.map((event) => event.order.lamport)) + 1
      const event: CourseEvent = {
        id: `${replica}${lamport}`,
        kind,
        parents: seen.heads,
        data: due === null ? checked.data : { ...checked.data, due },
        happenedOn,
        order: { lamport, replica },
        actedBy,
      }
      events.push(event)
      return event.id
    },
  }
}
const union = (...desks: { readonly events: readonly CourseEvent[] }[]): CourseEvent[] => [
  ...new Map(desks.flatMap((one) => one.events).map((event) => [event.id, event])).values(),
]
function working(): ReturnType<typeof desk> {
  const one = desk()
  one.step('opened')
  one.step('accepted')
  one.step('assigned', { mediatorIds: ['m1'] })
  one.step('signed_for', {}, '2026-11-05', 'm1')
  return one
}
const AGREED = { form: 'oral', text: '赔 3000 元', amountFen: 300_000, performBy: '2026-11-15' }

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

describe('两处都走了一步', () => {
  function parted(): {
    left: ReturnType<typeof desk>
    right: ReturnType<typeof desk>
    closed: string
    withdrawn: string
  } {
    const base = working()
    const left = desk(base.events, 'a')
    const right = desk(base.events, 'b')
    left.step('agreed', AGREED, '2026-11-09', 'm1')
    left.step('verified', { result: 'satisfied', text: '好' }, '2026-11-10', 'c1')
    const closed = left.step('closed', {}, '2026-11-10', 'c1')
    const withdrawn = right.step('withdrawn', { text: '不办了' }, '2026-11-08', 'c1')
    return { left, right, closed, withdrawn }
  }

  it('撤回 against a finished handling: both heads, shown open', () => {
    const { left, right, closed, withdrawn } = parted()
    const both = foldRegister('handling', union(left, right))
    expect(both).toMatchObject({ state: 'withdrawn', heads: [withdrawn], allHeads: [closed, withdrawn] })
    expect(both.otherHeads).toEqual([{ id: closed, state: 'closed', stateText: '已办结（达成协议）' }])
    expect(matterState(desk().state(), [both])).toMatchObject({ category: 'waiting', hasDifference: true })
  })

  it('an ordinary step continues its own head; a decision settles it', () => {
    const { left, right, closed, withdrawn } = parted()
    const both = desk(union(left, right), 'c')
    both.step('verified', { result: 'satisfied', text: '确已撤回' }, '2026-11-12', 'c2')
    expect(both.state().otherHeads.map((head) => head.id)).toEqual([closed])
    const decision: CourseEvent = {
      id: 'd1',
      kind: 'decided',
      parents: both.state().allHeads,
      data: { chosen: closed, state: 'closed', reason: '撤回系误录' },
      happenedOn: '2026-11-13',
      order: { lamport: 50, replica: 'c' },
    }
    const settled = foldRegister('handling', [...both.events, decision])
    expect(settled).toMatchObject({ state: 'closed', outcome: 'agreed', heads: ['d1'], otherHeads: [] })
    expect(settled.handlerIds).toContain('m1')
    expect(withdrawn).not.toBe('')
  })

  it('equal results merge, different ones do not', () => {
    const base = working()
    const left = desk(base.events, 'a')
    const right = desk(base.events, 'b')
    left.step('agreed', AGREED, '2026-11-09', 'm1')
    right.step('agreed', { ...AGREED, text: '三千元' }, '2026-11-10', 'm9')
    const merged = foldRegister('handling', union(left, right))
    expect(merged.heads).toHaveLength(2)
    expect(merged.otherHeads).toEqual([])
    expect(merged.handlerIds).toEqual(['m1', 'm9'])
    const next = desk(union(left, right), 'c')
    next.step('fulfilled')
    expect(next.state()).toMatchObject({ state: 'fulfilled', allHeads: next.state().heads })
    const other = desk(base.events, 'd')
    other.step('agreed', { ...AGREED, amountFen: 500_000 }, '2026-11-09', 'm1')
    expect(foldRegister('handling', union(left, other)).otherHeads).toHaveLength(1)
  })

  it('shows the earliest deadline of the open heads', () => {
    const base = working()
    const left = desk(base.events, 'a')
    const right = desk(base.events, 'b')
    left.step('suspended', { reason: '等鉴定' }, '2026-11-10', 'm1')
    right.step('extended', { to: '2026-12-20', bothConsent: 'yes' }, '2026-11-10', 'm1')
    expect(foldRegister('handling', union(left, right)).due?.dueOn).toBe('2026-12-20')
    const third = desk(base.events, 'c')
    third.step('assigned', { mediatorIds: ['m2'] }, '2026-11-10')
    expect(foldRegister('handling', union(left, right, third)).due?.dueOn).toBe('2026-12-04')
  })

  it('among several open heads the latest in order is shown, however long its branch', () => {
    const make = (
      id: string,
      kind: string,
      lamport: number,
      parents: string[],
      replica = 'a',
    ): CourseEvent => ({
      id,
      kind,
      parents,
      data: { mediatorIds: [replica] },
      happenedOn: '2026-11-04',
      order: { lamport, replica },
    })
    const root = make('r', 'accepted', 1, [])
    const long = [make('l1', 'assigned', 2, ['r']), make('l2', 'signed_for', 3, ['l1'])]
    const short = make('s', 'assigned', 9, ['r'], 'b')
    expect(foldRegister('handling', [root, short, ...long])).toMatchObject({
      state: 'assigned',
      heads: ['s'],
    })
    const tie = make('t', 'assigned', 9, ['r'], 'c')
    expect(foldRegister('handling', [root, tie, short])).toMatchObject({ mediatorIds: ['c'] })
  })

  it('a kind from a newer version is shown and keeps the state', () => {
    const one = working()
    const unknown: CourseEvent = {
      id: 'u1',
      kind: 'teleported',
      parents: one.state().heads,
      data: {},
      happenedOn: '2026-11-09',
      order: { lamport: 60, replica: 'z' },
    }
    const after = foldRegister('handling', [...one.events, unknown])
    expect(after).toEqual({ ...one.state(), heads: ['u1'], allHeads: ['u1'] })
    expect(courseKindText('teleported')).toContain('新版本')
    expect(courseKindText('agreed')).toBe('达成协议')
  })

  it('a forged circle does not hang and has a state', () => {
    const forged = ['x', 'y'].map((id, index): CourseEvent => ({
      id,
      kind: 'accepted',
      parents: [id === 'x' ? 'y' : 'x'],
      data: { due: 'soon' },
      happenedOn: '2026-11-09',
      order: { lamport: index, replica: 'z' },
    }))
    expect(foldRegister('handling', forged)).toMatchObject({ state: 'accepted', due: null })
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
