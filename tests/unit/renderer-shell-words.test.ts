import { describe, expect, it } from 'vitest'
import { AppError } from '../../domain/errors'
import { applyChoices, conflictsOf } from '../../renderer/composables/conflicts'
import { dateWords, momentWords, parseYuan, yuanWords } from '../../renderer/composables/format'
import { accountProblem, passwordProblem, repeatProblem } from '../../renderer/composables/password'
import { areaCodeProblem, firstProblem, needProblem } from '../../renderer/features/setup/checks'

describe('dates and money in words', () => {
  it('says dates as people do', () => {
    expect(dateWords('2026-03-01')).toBe('2026年3月1日')
    expect(dateWords('')).toBe('未填')
  })
  it('says moments by the day of looking, in China', () => {
    const now = Date.parse('2026-03-12T10:00:00+08:00')
    expect(momentWords(Date.parse('2026-03-12T00:05:00+08:00'), now)).toBe('00:05')
    expect(momentWords(Date.parse('2026-03-11T23:59:00+08:00'), now)).toBe('昨天 23:59')
    expect(momentWords(Date.parse('2026-02-01T08:00:00+08:00'), now)).toBe('2月1日 08:00')
    expect(momentWords(Date.parse('2025-12-31T08:00:00+08:00'), now)).toBe('2025年12月31日 08:00')
    expect(momentWords(null, now)).toBe('还没有')
  })
  it('writes fen as yuan and reads it back', () => {
    expect(yuanWords(300_000)).toBe('3,000.00 元')
    expect(yuanWords(1_234_567_805)).toBe('12,345,678.05 元')
    expect(yuanWords(null)).toBe('未填')
    expect(parseYuan('３，０００．５')).toBe(300_050)
    expect(parseYuan('3,000 元')).toBe(300_000)
    expect(parseYuan(' ')).toBeNull()
    expect(parseYuan('三千')).toBeUndefined()
    expect(parseYuan('1.234')).toBeUndefined()
  })
})

describe('plain words for what is wrong in a setup form', () => {
  it('counts the digits of an area code and forgives full width and spaces', () => {
    expect(areaCodeProblem('999999104000')).toBeUndefined()
    expect(areaCodeProblem('９９９９９９ １０４ ０００')).toBeUndefined()
    expect(areaCodeProblem('999999104')).toContain('还差 3 位')
    expect(areaCodeProblem('9999991040001')).toContain('多了 1 位')
    expect(areaCodeProblem('99999910400X')).toContain('只有数字')
    expect(areaCodeProblem(' ')).toBe('请填写行政区划代码')
  })
  it('names the first field that needs work', () => {
    expect(firstProblem({ a: undefined, b: '请填写', c: '请填写' })).toBe('b')
    expect(firstProblem({ a: undefined })).toBeUndefined()
    expect(needProblem('中心名称', '  ', 60)).toBe('请填写中心名称')
    expect(needProblem('本机名称', 'x'.repeat(31), 30)).toContain('最多 30 个字')
  })
  it('explains accounts and passwords', () => {
    expect(accountProblem('王芳')).toContain('不能有汉字')
    expect(accountProblem('wang.fang')).toBeUndefined()
    expect(passwordProblem('1234567')).toContain('至少 8 位')
    expect(repeatProblem('12345678', '12345679')).toContain('不一样')
    expect(repeatProblem('12345678', '12345678')).toBeUndefined()
  })
})

describe('a field that somebody else changed', () => {
  const error = new AppError('CHANGED_MEANWHILE', '别人改过', {
    data: { conflicts: [{ field: 'place', mine: '甲', theirs: '乙' }] },
  })
  it('is read from the error, and from no other error', () => {
    expect(conflictsOf(error)).toEqual([{ field: 'place', mine: '甲', theirs: '乙' }])
    expect(conflictsOf(new AppError('BAD_INPUT', '不对', { data: error.data }))).toEqual([])
    expect(conflictsOf(new AppError('CHANGED_MEANWHILE', '别人改过'))).toEqual([])
  })
  it('leaves the patch where the other value was chosen', () => {
    const patch = { place: '甲', title: '丙' }
    expect(applyChoices(patch, { place: 'theirs' })).toEqual({ title: '丙' })
    expect(applyChoices(patch, { place: 'mine' })).toEqual(patch)
  })
})
