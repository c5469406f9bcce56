import type { Output, RawInput } from '../../../domain/contract/index'
import type { Wire } from '../../../domain/marks'

export type Entry = Wire<Output<'roster.get'>>
export type EntryPatch = RawInput<'roster.save'>['patch']
export interface EntryFields {
  name: string
  gender: string
  birthDate: string
  idNumber: string
  phone: string
  orgUnitId: string | null
  address: string
  category: string
  sourceDocument: string
  approver: string
  legalBasis: string
  reviewOn: string
  supportGroup: string
  note: string
  nextVisitOn: string
}
export const ENTRY_LABELS: Readonly<Record<keyof EntryFields, string>> = {
  name: '姓名',
  gender: '性别',
  birthDate: '出生日期',
  idNumber: '证件号码',
  phone: '电话',
  orgUnitId: '村（社区）',
  address: '住址',
  category: '类别',
  sourceDocument: '来源文书',
  approver: '批准人',
  legalBasis: '法律依据',
  reviewOn: '复核日期',
  supportGroup: '帮扶小组',
  note: '备注',
  nextVisitOn: '下次走访',
}
/** No entry without its end and its ground (PRACTICE.md section 2, rule 9). */
const REQUIRED = ['name', 'category', 'sourceDocument', 'approver', 'legalBasis', 'reviewOn'] as const

export const emptyEntry = (): EntryFields => ({
  name: '',
  gender: '',
  birthDate: '',
  idNumber: '',
  phone: '',
  orgUnitId: null,
  address: '',
  category: '',
  sourceDocument: '',
  approver: '',
  legalBasis: '',
  reviewOn: '',
  supportGroup: '',
  note: '',
  nextVisitOn: '',
})

/** @returns the form's fields for an entry as it was read. */
export function entryFields(entry: Entry): EntryFields {
  const fields = emptyEntry()
  for (const key of Object.keys(fields) as (keyof EntryFields)[]) {
    Object.assign(fields, { [key]: entry[key] })
  }
  return fields
}

/**
 * @param today civil date in China
 * @returns what is missing or wrong, by field
 */
export function entryProblems(fields: EntryFields, today: string): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const key of REQUIRED) {
    if (fields[key].trim() === '') problems[key] = `请填写${ENTRY_LABELS[key]}，没有它不能登记`
  }
  if (fields.reviewOn !== '' && fields.reviewOn <= today) problems['reviewOn'] = '复核日期应在今天以后'
  return problems
}

/** @returns only what the person changed; what is filled in for a new entry. Masked text never goes back. */
export function entryPatch(before: EntryFields, after: EntryFields): EntryPatch {
  const changed = Object.entries(after)
    .map(([key, value]) => [key, typeof value === 'string' && key !== 'note' ? value.trim() : value] as const)
    .filter(([key, value]) => value !== before[key as keyof EntryFields])
  return Object.fromEntries(changed)
}

/** @returns the note with the reason why a number that does not check was kept; the list has no field of its own for it. */
export function noteWithReason(note: string, reason: string): string {
  if (reason.trim() === '') return note
  const line = `证件号码校验不符仍登记，原因：${reason.trim()}`
  return note.trim() === '' ? line : `${note.trimEnd()}\n${line}`
}
