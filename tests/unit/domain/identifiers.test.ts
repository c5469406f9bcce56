import { describe, expect, it } from 'vitest'
import { areaLevel, areaParent, areaPrefix, checkAreaCode } from '../../../domain/rules/areaCode'
import { checkCreditCode } from '../../../domain/rules/creditCode'
import { checkIdNumber } from '../../../domain/rules/idNumber'
import { DEMO_PHONE_PREFIX, checkPhone, phoneTail } from '../../../domain/rules/phone'

describe('身份证号', () => {
  it.each([
    ['11010519491231002X', '1949-12-31', 'female'],
    ['11010519491231002x', '1949-12-31', 'female'],
    ['１１０１０５１９４９１２３１００２Ｘ', '1949-12-31', 'female'],
    ['440524 1880 0101 0014', '1880-01-01', 'male'],
    ['360000190001010019', '1900-01-01', 'male'],
    ['360424202002290014', '2020-02-29', 'male'],
    ['810000199003070015', '1990-03-07', 'male'],
    ['820000199003070025', '1990-03-07', 'female'],
    ['830000199003070019', '1990-03-07', 'male'],
    ['110105491231002', '1949-12-31', 'female'],
  ])('%s is in order', (typed, birthDate, gender) => {
    expect(checkIdNumber(typed)).toMatchObject({ ok: true, message: '', birthDate, gender })
  })

  it('a permanent residence card beginning with 9 is accepted', () => {
    expect(checkIdNumber('911124198108030024')).toMatchObject({ ok: true, birthDate: '1981-08-03' })
  })

  it('a wrong check digit is a warning that still tells the birth date', () => {
    const wrong = checkIdNumber('110105194912310021')
    expect(wrong).toMatchObject({ ok: false, birthDate: '1949-12-31', gender: 'female' })
    expect(wrong.message).toContain('校验位')
  })

  it.each([
    ['360424202102290010', '出生日期'],
    ['11010519491231002', '17 位'],
    ['张三', '2 位'],
  ])('%s: %s', (typed, word) => {
    expect(checkIdNumber(typed)).toMatchObject({ ok: false })
    expect(checkIdNumber(typed).message).toContain(word)
  })

  it('nothing typed is no error', () => expect(checkIdNumber(' ').ok).toBe(true))
})

describe('统一社会信用代码', () => {
  it.each(['91350100M000100Y43', '9144030071526726XG', '91110000802100433B', '９１３５０１００m000100y43'])(
    '%s passes',
    (code) => expect(checkCreditCode(code).ok).toBe(true),
  )
  it('each single changed character of a valid code fails', () => {
    const code = '91350100M000100Y43'
    for (let at = 0; at < code.length; at += 1) {
      const other = code[at] === '7' ? '8' : '7'
      expect(checkCreditCode(code.slice(0, at) + other + code.slice(at + 1)).ok).toBe(false)
    }
  })
  it('letters that are never used are named', () =>
    expect(checkCreditCode('9135010OM000100Y43').message).toContain('不含'))
})

describe('电话', () => {
  it.each([
    ['138 0013 8000', '13800138000'],
    ['138-0013-8000', '13800138000'],
    ['+86 13800138000', '13800138000'],
    ['１３８００１３８０００', '13800138000'],
    ['0792-7221234转802', '0792-7221234-802'],
    ['（0792）7221234', '0792-7221234'],
    ['010-65123456', '010-65123456'],
    ['7221234', '7221234'],
    ['400-800-1234', '400-800-1234'],
    ['12345', '12345'],
    ['+852 2123 4567', '+85221234567'],
  ])('%s', (typed, text) => expect(checkPhone(typed)).toEqual({ ok: true, message: '', text }))
  it('one digit short is a hint, not a wall', () => {
    expect(checkPhone('1380013800')).toMatchObject({ ok: false, text: '1380013800' })
    expect(checkPhone('1380013800').message).toContain('10 位')
  })
  it('numbers of the demonstration town look real', () =>
    expect(checkPhone(`${DEMO_PHONE_PREFIX}00001234`).ok).toBe(true))
  it.each([
    ['13800135521', '5521'],
    ['0792-7221234-802', '1234'],
    ['110', ''],
  ])('tail of %s is "%s"', (phone, tail) => expect(phoneTail(phone)).toBe(tail))
})

describe('区划代码', () => {
  it.each([
    ['360000000000', 'province', '36', null],
    ['360400000000', 'city', '3604', '360000000000'],
    ['360424000000', 'county', '360424', '360400000000'],
    ['360424100000', 'town', '360424100', '360424000000'],
    ['360424100201', 'village', '360424100201', '360424100000'],
  ])('%s is a %s', (code, level, prefix, parent) => {
    expect(areaLevel(code)).toBe(level)
    expect(areaPrefix(code)).toBe(prefix)
    expect(areaParent(code)).toBe(parent)
  })
  it('the test block is allowed, other impossible provinces are not', () => {
    expect(checkAreaCode('990101100000').ok).toBe(true)
    expect(checkAreaCode('３６０４２４１０００００').ok).toBe(true)
    expect(checkAreaCode('970101100000').ok).toBe(false)
    expect(checkAreaCode('36042410000').ok).toBe(false)
  })
})
