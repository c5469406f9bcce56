/** Telephone numbers stay text: mobile, land line with area code and extension, 400, abroad. */
import { halfWidth } from './text'

/** No mobile network uses 154: numbers of the demonstration town reach nobody. */
export const DEMO_PHONE_PREFIX = '154'

const SHAPES = [
  /^1[3-9]\d{9}$/, // mobile
  /^(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?$/, // land line, extension
  /^[48]00-?\d{3}-?\d{4}$/,
  /^(\+|00)\d{6,15}$/,
  /^1(10|19|20|22|2345|2348|2356|2309|2315|2333|2338)$/,
]

/**
 * @param typed as typed: full-width digits, blanks, `转`, +86
 * @returns the stored form and a hint when it looks like no number; empty is in order
 */
export function checkPhone(typed: string): {
  readonly ok: boolean
  readonly message: string
  readonly text: string
} {
  const text = halfWidth(typed.normalize('NFC'))
    .replace(/[‐‑–—]/g, '-')
    .replace(/(转|ext\.?)\s*/i, '-')
    .replace(/^[(（](\d{3,4})[)）]/, '$1-')
    .replace(/\s/g, '')
    .replace(/^(\+|00)86-?(?=1[3-9]\d|0\d)/, '')
    .replace(/^(1[3-9]\d)-?(\d{4})-?(\d{4})$/, '$1$2$3')
  if (text === '' || SHAPES.some((shape) => shape.test(text))) return { ok: true, message: '', text }
  const digits = text.replace(/\D/g, '').length
  return { ok: false, message: `电话看起来不对（${digits} 位数字），请再核对；确实如此可照样保存。`, text }
}

/** @returns the last four digits, by which people recognise a number; empty when there are fewer. */
export function phoneTail(phone: string): string {
  const found = phone.replace(/^((?:0\d{2,3}-?)?\d{7,8})-\d{1,6}$/, '$1').replace(/\D/g, '')
  return found.length < 4 ? '' : found.slice(-4)
}
