import { describe, expect, it } from 'vitest'
import { buildNotice, type NoticeInput } from '../../../domain/documents/notice'
import {
  MONTH_DEFINITIONS,
  countMonth,
  monthPeriod,
  type HandlingFacts,
} from '../../../domain/statistics/month'

const handling = (some: Partial<HandlingFacts> = {}): HandlingFacts => ({
  openedOn: '2026-10-05',
  acceptedOn: '2026-10-05',
  outcomeOn: '',
  outcome: '',
  dueOn: '2026-11-05',
  suspendedOn: '',
  voided: false,
  ...some,
})

describe('月报口径', () => {
  it('knows the month and the day up to which it counts', () => {
    expect(monthPeriod('2026-02', '2026-11-22')).toMatchObject({ to: '2026-02-28', asOf: '2026-02-28' })
    expect(monthPeriod('2026-11', '2026-11-22')).toMatchObject({ to: '2026-11-30', asOf: '2026-11-22' })
  })

  it('counts visits, matters and handlings apart', () => {
    const visit = (arrivedOn: string, isQuestion = false) => ({ arrivedOn, isQuestion })
    const totals = countMonth(
      {
        visits: [visit('2026-11-01'), visit('2026-11-22'), visit('2026-11-02', true), visit('2026-10-31')],
        matters: [
          { registeredOn: '2026-11-01', voided: false },
          { registeredOn: '2026-11-02', voided: true },
          { registeredOn: '2026-12-01', voided: false },
        ],
        handlings: [
          handling({ openedOn: '2026-11-01', acceptedOn: '2026-11-02', dueOn: '2026-12-02' }), // open
          handling(), // overdue
          handling({ dueOn: '2026-11-22' }), // due today: not overdue
          handling({ suspendedOn: '2026-11-01' }), // suspended: open, not overdue
          handling({ outcomeOn: '2026-11-10', outcome: 'agreed' }),
          handling({ outcomeOn: '2026-11-11', outcome: 'eased' }),
          handling({ outcomeOn: '2026-11-12', outcome: 'not_reached' }),
          handling({ outcomeOn: '2026-11-12', outcome: 'withdrawn' }),
          handling({ outcomeOn: '2026-10-12', outcome: 'agreed' }),
          handling({ openedOn: '2026-11-03', acceptedOn: '', dueOn: '', voided: true }),
        ],
      },
      monthPeriod('2026-11', '2026-11-22'),
    )
    expect(totals).toEqual({
      visits: 2,
      questions: 1,
      matters: 1,
      handlings: 1,
      accepted: 1,
      resolved: 2,
      overdue: 1,
      open: 4,
    })
  })

  it('a month gone by is counted as it stood at its end', () => {
    const late = [handling({ dueOn: '2026-10-20', outcomeOn: '2026-11-03', outcome: 'agreed' })]
    const count = (month: string) =>
      countMonth({ visits: [], matters: [], handlings: late }, monthPeriod(month, '2026-11-22'))
    expect(count('2026-10')).toMatchObject({ overdue: 1, open: 1, resolved: 0 })
    expect(count('2026-11')).toMatchObject({ overdue: 0, open: 0, resolved: 1 })
    expect(count('2026-01')).toMatchObject({ handlings: 0, open: 0 })
  })

  it('every count has its small print', () => expect(MONTH_DEFINITIONS).toHaveLength(8))
})

describe('告知文书', () => {
  const input: NoticeInput = {
    kind: 'acceptance',
    centreName: '示范镇矛调中心',
    centrePhone: '0792-7221234',
    code: '990101100000-2026-03-0128',
    date: '2026-11-04',
    visitor: '张三',
    matter: '宅基地边界',
    opponents: ['李四'],
    wayText: '人民调解',
    unitName: '示范镇人民调解委员会',
    staffName: '王五',
    dueOn: '2026-12-04',
    dueReason: '人民调解一个月。',
    text: '',
  }
  const said = (some: Partial<NoticeInput>): string => {
    const notice = buildNotice({ ...input, ...some })
    return [notice.title, ...notice.body, ...notice.lines.map((line) => line.label + line.text)].join('\n')
  }
  it('acceptance names unit, deadline, rights', () => {
    const text = said({})
    for (const word of [
      '受理告知书',
      '人民调解委员会',
      '2026年12月4日',
      '不收取任何费用',
      '990101100000-2026-03-0128',
    ]) {
      expect(text).toContain(word)
    }
    expect(said({ wayText: '信访处理' })).not.toContain('不收取任何费用')
  })
  it('refusal gives the reason and the remedies', () => {
    const text = said({ kind: 'refusal', text: '已由法院受理' })
    for (const word of [
      '不予受理告知书',
      '理由：已由法院受理',
      '仲裁',
      '行政复议',
      '诉讼',
      '12348',
      '时效',
    ]) {
      expect(text).toContain(word)
    }
  })
  it('receipt without a number, a name and a way still reads well', () => {
    const text = said({
      kind: 'visit_receipt',
      code: '',
      visitor: '',
      wayText: '',
      unitName: '',
      dueOn: '',
      text: '已答复',
    })
    expect(text).toContain('（待补编号）')
    expect(text).toContain('来访人：你于2026年11月4日')
    expect(text).toContain('当场答复：已答复')
    expect(text).not.toContain('办理期限')
    expect(text).not.toContain('是否受理')
  })
})
