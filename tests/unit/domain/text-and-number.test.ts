import { describe, expect, it } from 'vitest'
import {
  clockPlausible,
  firstSerialOfNewReplica,
  longNumber,
  parseNumber,
  shortNumber,
} from '../../../domain/numbers/number'
import { cleanText, sameApartFromFormatting } from '../../../domain/rules/text'

describe('编号', () => {
  const parts = { year: 2026, terminal: '03', serial: 128 }
  it('two forms', () => {
    expect(shortNumber(parts)).toBe('26-03-0128')
    expect(longNumber('360424100000', parts)).toBe('360424100000-2026-03-0128')
    expect(shortNumber({ ...parts, serial: 12345 })).toBe('26-03-12345')
  })
  it.each([
    '26-03-0128',
    '26-3-128',
    '26.3.128',
    '26 03 128',
    '２６－０３－０１２８',
    '26—03—0128',
    '26／03／0128',
    '26030128',
    '2026-03-0128',
  ])('%s is read as the same number', (typed) => expect(parseNumber(typed)).toEqual(parts))
  it('the long form keeps its area code', () =>
    expect(parseNumber(' 360424100000-2026-03-0128')).toEqual({ ...parts, areaCode: '360424100000' }))
  it.each(['26-03', 'abc', '26-03-0000', '26-00-0001', '1-26-03-0128', '13800138000', '26-03-128a', ''])(
    '%s is no number',
    (typed) => expect(parseNumber(typed)).toBeNull(),
  )
  it('a new replica leaves a gap of 100 above the highest known', () => {
    expect(firstSerialOfNewReplica([28, 131, 7])).toBe(231)
    expect(firstSerialOfNewReplica([])).toBe(1)
  })
})

describe('电脑时间', () => {
  const minute = 60_000
  const day = 24 * 60 * minute
  const build = Date.UTC(2026, 10, 1)
  const last = Date.UTC(2026, 10, 20)
  it.each([
    ['a new folder', build + day, null, true],
    ['before the build', build - 2 * day, null, false],
    ['9 minutes back', last - 9 * minute, last, true],
    ['11 minutes back', last - 11 * minute, last, false],
    ['29 days on', last + 29 * day, last, true],
    ['31 days on', last + 31 * day, last, false],
  ])('%s', (_name, now, recorded, ok) => expect(clockPlausible(now, recorded, build).ok).toBe(ok))
})

describe('文字', () => {
  it('stores NFC without control characters', () =>
    expect(cleanText('  e\u0301\u200b张三\r\n李四\u0007 ')).toBe('é张三\n李四'))
  it.each([
    ['text', '修水县 义宁镇（黄田里）', '修水县义宁镇(黄田里)', true],
    ['text', '张三', '张三丰', false],
    ['text', '', '张三', false],
    ['text', ' ', '', false],
    ['phone', '+86 138-0013-8000', '13800138000', true],
    ['phone', '0792-7221234', '07927221234', true],
    ['phone', '13800138000', '13800138001', false],
    ['idNumber', '11010519491231002x', '11010519491231002Ｘ', true],
    ['date', '2026-3-1', '2026年03月01日', true],
    ['date', '2026-03-01', '2026-03-10', false],
    ['other', 'a', 'A', false],
  ] as const)('%s: %s / %s', (type, a, b, same) => {
    expect(sameApartFromFormatting(type, a, b)).toBe(same)
    expect(sameApartFromFormatting(type, b, a)).toBe(same)
  })
})
