import { describe, expect, it } from 'vitest'
import {
  CATEGORIES,
  MEDIATION_CATEGORIES,
  externalCategoryOf,
  isSensitiveCategory,
  mediationCategoryOf,
} from '../../../domain/codes/categories'
import { CODE_SYSTEMS, SHIPPED_CODES, codeName, codesOf } from '../../../domain/codes/shipped'
import { WANTED, WAYS, fromWanted, wayDueRules } from '../../../domain/codes/ways'
import { DUE_RULES } from '../../../domain/course/deadlines'

describe('纠纷类别', () => {
  it('has 17 heads, children under them, and no code twice', () => {
    const codes = CATEGORIES.map((row) => row.code)
    expect(codes.filter((code) => code.length === 2)).toHaveLength(17)
    expect(new Set(codes).size).toBe(codes.length)
    for (const row of CATEGORIES) {
      expect(codes).toContain(row.code.slice(0, 2))
      expect(row.name, row.code).not.toBe('')
    }
  })

  it('each maps to one of the 18, and each of the 18 can be reached', () => {
    expect(MEDIATION_CATEGORIES).toHaveLength(18)
    const reached = new Set(CATEGORIES.map((row) => mediationCategoryOf(row.code)))
    expect([...reached].sort()).toEqual(MEDIATION_CATEGORIES.map(([code]) => code))
  })

  it.each([
    ['0202', '02', '0202'],
    ['0781', '10', '0799'],
    ['0682', '13', '0601'],
    ['0902', '03', '0902'],
    ['0503', '16', '0503'],
    ['0777', '11', '0777'], // a town's own child falls back to its head
    ['', '18', ''],
  ])('%s is %s in the other list and goes out as %s', (code, mediation, external) => {
    expect(mediationCategoryOf(code)).toBe(mediation)
    expect(externalCategoryOf(code)).toBe(external)
  })

  it('what goes out is a code of the standard list', () => {
    for (const row of CATEGORIES) {
      const out = externalCategoryOf(row.code)
      expect(out.slice(2) === '' || Number(out.slice(2)) < 80 || out.endsWith('99')).toBe(true)
    }
  })

  it('family and personal matters keep their story', () => {
    expect(isSensitiveCategory('0101')).toBe(true)
    expect(isSensitiveCategory('0202')).toBe(false)
  })
})

describe('代码表', () => {
  it('every list has entries, no code twice', () => {
    for (const system of CODE_SYSTEMS) expect(codesOf(system).length, system).toBeGreaterThan(1)
    const keys = SHIPPED_CODES.map((item) => `${item.system}/${item.code}`)
    expect(new Set(keys).size).toBe(keys.length)
  })
  it('speaks the words of the trade', () => {
    expect(codeName('roster_category', '02')).toBe('社区矫正对象')
    expect(codeName('way', 'people_mediation')).toBe('人民调解')
    expect(codeName('way', 'from_elsewhere')).toBe('from_elsewhere')
  })
  it('psychological service is never a way or a category, only the letter-box', () => {
    expect([...WAYS, ...CATEGORIES].some((row) => row.name.includes('心理'))).toBe(false)
    expect(fromWanted('心理服务')).toEqual({ word: '心理服务', category: '', way: '', letterBox: 'psych' })
  })
  it('what follows from a word exists', () => {
    for (const row of WANTED) {
      if (row.way !== '') expect(WAYS.map((one) => one.code)).toContain(row.way)
      if (row.category !== '') expect(CATEGORIES.map((one) => one.code)).toContain(row.category)
    }
    expect(fromWanted('要一把伞').category).toBe('')
  })
  it('a way gives its deadline rules, a town may replace them', () => {
    expect(wayDueRules('people_mediation')).toEqual({ acceptance: null, way: DUE_RULES['mediation'] })
    expect(wayDueRules('petition').acceptance?.key).toBe('petition_acceptance')
    expect(wayDueRules('from_elsewhere').way?.key).toBe('complex')
    const own = { mediation: { ...DUE_RULES['simple'], key: 'mediation' } } as typeof DUE_RULES
    expect(wayDueRules('people_mediation', own).way?.name).toBe('简单事项一日')
    for (const way of WAYS) if (way.handling !== null) expect(DUE_RULES).toHaveProperty(way.handling)
  })
})
