import { describe, expect, it } from 'vitest'
import { foldRegister, type CourseEvent } from '../../../domain/course/fold'
import { courseKindText } from '../../../domain/course/kinds'
import { matterState } from '../../../domain/course/steps'
import { AGREED, desk, union, working } from './course-desk'

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
