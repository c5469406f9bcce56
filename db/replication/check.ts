/** Whether a stored value fits its declaration: the same rule for what is typed here and for what arrives. */
import type { FieldDecl } from '../schema/declare'
import type { FieldValue } from './merge'

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const LONGEST_REF = 64
const LONGEST_TEXT = 200

function checkText(field: FieldDecl, value: string): string | undefined {
  if (value !== value.normalize('NFC') || value.includes('\u0000')) return '含有不能保存的字符'
  if (field.type === 'date') return value === '' || DATE.test(value) ? undefined : '不是有效的日期'
  const max = field.type === 'ref' ? LONGEST_REF : (field.max ?? LONGEST_TEXT)
  // Characters as people count them: one per code point.
  return value.length > max && [...value].length > max ? `最多 ${max} 个字` : undefined
}

/**
 * @param value as stored (booleans 0/1, json as text)
 * @returns undefined if it fits, else what is wrong, in Chinese, to be put after the field's name
 */
export function checkValue(field: FieldDecl, value: FieldValue): string | undefined {
  if (value === null) return field.nullable === true ? undefined : '不能没有值'
  switch (field.type) {
    case 'text':
    case 'date':
    case 'ref':
    case 'json':
      return typeof value === 'string' ? checkText(field, value) : '不是文字'
    case 'bool':
      return value === 0 || value === 1 ? undefined : '不是“是”或“否”'
    case 'int':
    case 'instant':
    case 'fen':
      return Number.isSafeInteger(value) ? undefined : '不是整数'
  }
}
