/** Text as it is stored and as it is compared. */

/** NFC, no blanks at the ends, no control characters but line breaks: what is stored. */
export function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f\u200b\ufeff]/g, '')
    .trim()
}

/** Full-width letters, digits and signs (an input method left on) to half width. For codes, never for names. */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
}

/** A code as compared: half width, no blanks or dashes, capitals. */
export function codeForm(text: string): string {
  return halfWidth(text.normalize('NFC'))
    .replace(/[\s\-‐‑–—－]/g, '')
    .toUpperCase()
}

export type ComparableType = 'text' | 'code' | 'phone' | 'idNumber' | 'date' | 'other'

/** Names and addresses: blanks, width and the usual separators do not count. */
function textForm(text: string): string {
  return halfWidth(text.normalize('NFKC'))
    .replace(/[\s·•・,，、。.;；:：（）()《》"'“”‘’\-—]/g, '')
    .toLowerCase()
}

function dateForm(text: string): string {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(halfWidth(text).trim())
  return parts === null
    ? text.trim()
    : [parts[1], parts[2]?.padStart(2, '0'), parts[3]?.padStart(2, '0')].join('-')
}

const phoneForm = (text: string): string => codeForm(text).replace(/^(\+|00)86(?=1\d{10}$|0\d)/, '')

function comparable(type: ComparableType, value: string): string {
  switch (type) {
    case 'text':
      return textForm(value)
    case 'code':
    case 'idNumber':
      return codeForm(value)
    case 'phone':
      return phoneForm(value)
    case 'date':
      return dateForm(value)
    case 'other':
      return value
  }
}

/**
 * Whether two stored values say the same and differ in formatting only, so that no person has to decide between them
 * (DESIGN.md section 4, rule 4). Never true for a blank against a value.
 */
export function sameApartFromFormatting(type: ComparableType, a: string, b: string): boolean {
  if (a === b) return true
  const left = comparable(type, a)
  return left !== '' && left === comparable(type, b)
}
