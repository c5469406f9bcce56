import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SHIPPED_CALENDAR, type WorkCalendar } from '../../../domain/calendar/data'
import {
  addMonths,
  addWorkdays,
  dayInfo,
  isRealDate,
  nextWorkday,
  workdaysBetween,
} from '../../../domain/calendar/workdays'
import {
  DUE_RULES,
  dueByAgreement,
  dueFor,
  dueText,
  extendDue,
  resumeDue,
  type DueRule,
} from '../../../domain/course/deadlines'

const calendar = SHIPPED_CALENDAR
const rule = (key: string): DueRule => {
  const found = DUE_RULES[key]
  if (found === undefined) throw new Error(key)
  return found
}

describe('工作日历', () => {
  it.each([
    ['2025-01-26', true, '调休上班'], // Sunday worked before Spring Festival
    ['2025-01-28', false, '春节'], // New Year's Eve, off since 2025
    ['2025-02-08', true, '调休上班'],
    ['2025-09-28', true, '调休上班'],
    ['2025-10-06', false, '中秋'],
    ['2025-10-08', false, '国庆节'],
    ['2025-10-09', true, ''],
    ['2025-10-11', true, '调休上班'],
    ['2026-02-14', true, '调休上班'],
    ['2026-02-17', false, '春节'],
    ['2026-02-23', false, '春节'],
    ['2026-02-24', true, ''],
    ['2026-02-28', true, '调休上班'],
    ['2026-09-20', true, '调休上班'],
    ['2026-10-01', false, '国庆节'],
    ['2026-10-07', false, '国庆节'],
    ['2026-10-08', true, ''],
    ['2026-10-10', true, '调休上班'],
    ['2026-11-21', false, '周末'],
    ['2026-11-23', true, ''],
  ])('%s', (date, workday, name) => expect(dayInfo(calendar, date)).toEqual({ workday, name, known: true }))

  it('says that 2027 is not known', () => {
    expect(dayInfo(calendar, '2027-02-08')).toEqual({ workday: true, name: '', known: false })
    expect(dayInfo(calendar, '2027-02-07')).toEqual({ workday: false, name: '周末', known: false })
    expect(dayInfo(calendar, '2031-01-01').known).toBe(false)
  })

  it.each([2025, 2026])('is what chinese-days says for %i', (year) => {
    const file = JSON.parse(
      readFileSync(
        new URL(`../../../node_modules/chinese-days/dist/years/${year}.json`, import.meta.url),
        'utf8',
      ),
    ) as { holidays: Record<string, string>; workdays: Record<string, string> }
    const names = (days: Record<string, string>): Record<string, string | undefined> =>
      Object.fromEntries(Object.entries(days).map(([date, text]) => [date, text.split(',')[1]]))
    const loaded = calendar.years.find((one) => one.year === year)
    expect(loaded).toMatchObject({
      state: 'loaded',
      daysOff: names(file.holidays),
      workedDays: names(file.workdays),
    })
  })

  it('arithmetic', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2026-12-15', 2)).toBe('2027-02-15')
    expect(addWorkdays(calendar, '2026-02-13', 3)).toBe('2026-02-25') // 14th worked, 15th to 23rd off
    expect(nextWorkday(calendar, '2025-10-01')).toBe('2025-10-09')
    expect(workdaysBetween(calendar, '2026-09-30', '2026-10-10')).toBe(3) // 8, 9, 10
    expect(isRealDate('2026-02-29')).toBe(false)
    expect(isRealDate('2024-02-29')).toBe(true)
    expect(isRealDate('2026-2-1')).toBe(false)
  })
})

describe('时限', () => {
  it.each([
    ['mediation', '2026-11-04', '2026-12-04', '12-04 届满'],
    ['mediation', '2026-09-01', '2026-10-08', '逢国庆节放假，顺延至 2026-10-08'],
    ['mediation', '2025-12-31', '2026-02-02', '逢周末，顺延'], // 31 January 2026 is a Saturday
    ['simple', '2026-02-13', '2026-02-14', '1 日'], // a Saturday that is worked
    ['simple', '2026-02-14', '2026-02-24', '逢春节放假'],
    ['general', '2026-11-06', '2026-11-13', '7 日'],
    ['complex', '2026-11-02', '2026-11-23', '逢周末'],
    ['petition', '2026-08-01', '2026-09-30', '60 日'],
    ['petition_acceptance', '2025-09-20', '2025-10-09', '逢国庆节放假'],
    ['judicial_confirmation', '2026-01-20', '2026-02-24', '逢春节放假'],
    ['court_invited', '2026-03-01', '2026-03-31', '30 日'],
  ])('%s from %s is due on %s', (key, start, dueOn, word) => {
    const due = dueFor(rule(key), start, calendar)
    expect(due).toMatchObject({ dueOn, rule: key, calendarVersion: calendar.version, assumed: false })
    expect(due.reason).toContain(word)
    expect(due.reason).toContain(rule(key).source)
  })

  it('an unknown year is counted by weekdays and says so', () => {
    const due = dueFor(rule('mediation'), '2026-12-09', calendar)
    expect(due).toMatchObject({ dueOn: '2027-01-11', assumed: true })
    expect(due.reason).toContain('2027 年放假安排尚未载入')
  })

  it('a rule may keep its last day, or count working days', () => {
    const own: DueRule = { ...rule('simple'), key: 'own', onRestDay: 'stays' }
    expect(dueFor(own, '2026-02-14', calendar)).toMatchObject({ dueOn: '2026-02-15' })
    expect(dueFor(own, '2026-02-14', calendar).reason).toContain('不顺延')
    const three: DueRule = { ...own, limit: { unit: 'workday', count: 3 } }
    expect(dueFor(three, '2026-02-13', calendar)).toMatchObject({ dueOn: '2026-02-25', limit: '3 个工作日' })
  })

  it('is extended, and resumed after a suspension', () => {
    const due = dueFor(rule('mediation'), '2026-11-04', calendar)
    const later = extendDue(due, '2026-12-20', '双方当事人同意', calendar)
    expect(later).toMatchObject({ dueOn: '2026-12-20', rule: 'mediation' })
    expect(later.reason).toContain('双方当事人同意，延长至 2026-12-20')
    const resumed = resumeDue(due, '2026-11-10', '2026-11-18', calendar)
    expect(resumed.dueOn).toBe('2026-12-14') // 12 December is a Saturday
    expect(resumed.reason).toContain('中止 8 日不计入')
    expect(dueByAgreement('2026-02-15', calendar).dueOn).toBe('2026-02-15')
  })

  it.each([
    [null, '2026-11-22', '', 'none'],
    ['2026-11-22', '2026-11-22', '今天到期', 'soon'],
    ['2026-11-25', '2026-11-22', '还剩 3 个工作日', 'soon'],
    ['2026-11-27', '2026-11-22', '还剩 5 个工作日', 'ok'],
    ['2026-02-22', '2026-02-19', '还剩 3 天', 'soon'], // nothing but holiday in between
    ['2026-08-17', '2026-11-22', '超期 97 天', 'late'],
  ] as const)('%s seen on %s: %s', (dueOn, today, text, level) =>
    expect(dueText(dueOn, today, calendar)).toEqual({ text, level }),
  )

  it('a calendar without any year still works', () => {
    const empty: WorkCalendar = { version: 'none', years: [] }
    expect(dueFor(rule('general'), '2026-09-25', empty)).toMatchObject({ dueOn: '2026-10-02', assumed: true })
  })
})
