/** 公民身份号码 (GB 11643-1999). A failed check is a warning with a reason to override, never a wall. */
import { isRealDate } from '../calendar/workdays'
import { codeForm } from './text'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK = '10X98765432'

export interface IdNumberCheck {
  readonly ok: boolean
  /** Empty when ok. */
  readonly message: string
  /** Half width, no blanks, capital X: what is stored. */
  readonly text: string
  readonly birthDate?: string
  readonly gender?: 'male' | 'female'
}

/** @returns the check character of the first 17 digits. */
export function idCheckChar(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0)
  return CHECK[sum % 11] ?? ''
}

/**
 * Accepts 15 digits (first generation), 18 with check character, among them 81/82/83 (residents of Hong Kong, Macao,
 * Taiwan) and the permanent residence card that begins with 9. The address code is not looked up: historic ones live on.
 * @param typed as typed; full-width digits and blanks are put right
 */
export function checkIdNumber(typed: string): IdNumberCheck {
  const text = codeForm(typed)
  if (text === '') return { ok: true, message: '', text }
  if (/^\d{15}$/.test(text)) return checkParts(text, `19${text.slice(6, 12)}`, text.slice(14), '')
  if (!/^\d{17}[\dX]$/.test(text)) {
    return {
      ok: false,
      message: `身份证号应为 18 位（旧证 15 位），现在是 ${text.length} 位，请核对。`,
      text,
    }
  }
  const expected = idCheckChar(text)
  const wrong = expected === text[17] ? '' : '身份证号校验位不符，可能有一位打错，请对照证件核对。'
  // The permanent residence card keeps the birth date and the sequence in the same places.
  return checkParts(text, text.slice(6, 14), text.slice(16, 17), wrong)
}

function checkParts(text: string, birth: string, sequence: string, wrong: string): IdNumberCheck {
  const birthDate = `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6, 8)}`
  if (!isRealDate(birthDate)) {
    return { ok: false, message: '身份证号中的出生日期不存在，请对照证件核对。', text }
  }
  const gender = Number(sequence) % 2 === 1 ? 'male' : 'female'
  return { ok: wrong === '', message: wrong, text, birthDate, gender }
}
