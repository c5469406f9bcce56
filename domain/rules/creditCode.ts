/** 统一社会信用代码 (GB 32100-2015). A warning, never a wall. */
import { codeForm } from './text'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/**
 * @param typed as typed
 * @returns whether the check character fits, and what to tell the clerk otherwise; empty input is in order
 */
export function checkCreditCode(typed: string): {
  readonly ok: boolean
  readonly message: string
  readonly text: string
} {
  const text = codeForm(typed)
  if (text === '') return { ok: true, message: '', text }
  const values = [...text].map((char) => ALPHABET.indexOf(char))
  if (text.length !== 18 || values.includes(-1)) {
    return {
      ok: false,
      message: '统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z），请核对。',
      text,
    }
  }
  let weight = 1
  let sum = 0
  for (const value of values.slice(0, 17)) {
    sum += value * weight
    weight = (weight * 3) % 31
  }
  const ok = (31 - (sum % 31)) % 31 === values[17]
  return { ok, message: ok ? '' : '统一社会信用代码校验位不符，请对照证照核对。', text }
}
