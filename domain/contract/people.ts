import { z } from 'zod'
import type { Marked } from '../marks'
import {
  id,
  localDate,
  longText,
  needText,
  pageInput,
  route,
  shortText,
  writeInput,
  type Page,
} from './define'

/** What a person record may hold. A wrong check digit needs `idCheckReason` (a warning, never a wall). */
export const personFields = {
  name: shortText(60),
  gender: z.enum(['', 'male', 'female', 'unknown']),
  birthDate: z.union([localDate, z.literal('')]),
  idType: shortText(8),
  idNumber: shortText(50),
  idCheckReason: shortText(100),
  phone: shortText(50),
  orgUnitId: id.nullable(),
  address: shortText(200),
  addressSecret: z.boolean(),
  note: longText(2000),
}
const somePersonFields = z.object(personFields).partial().shape

export interface PersonHit {
  readonly id: string
  readonly name: string | Marked<'minorName'>
  readonly birthYear: string
  readonly village: string
  readonly phone: Marked<'phone'>
  /** Why it is suggested: `同名 + 同村 + 电话尾号 5521 一致`. */
  readonly reason: string
}
export interface PersonDetail {
  readonly id: string
  readonly name: string | Marked<'minorName'>
  readonly gender: string
  readonly birthDate: string
  readonly idType: string
  readonly idNumber: Marked<'idNumber'>
  readonly phone: Marked<'phone'>
  readonly orgUnitId: string | null
  readonly village: string
  readonly address: Marked<'address'> | Marked<'secretAddress'>
  readonly addressSecret: boolean
  readonly note: string
  readonly basis: number
}
/** An earlier matter as the counter may show it: number, date, handler, state, what is open. Not the story. */
export interface OwedRow {
  readonly matterId: string
  readonly number: string
  readonly title: string
  readonly registeredOn: string
  readonly handler: string
  readonly stateText: string
  readonly open: boolean
  readonly openText: string
  /** Sensitive kinds: `有既往事项，请问承办人 X`. */
  readonly sensitive: boolean
}
export interface SearchHit {
  readonly kind: 'matter' | 'person' | 'visit'
  readonly id: string
  readonly title: string | Marked<'minorName'>
  readonly number: string
  readonly detail: string
  readonly date: string
}

export const peopleRoutes = {
  'person.suggest': route<readonly PersonHit[]>()({
    input: z.strictObject({
      name: shortText(60).default(''),
      phone: shortText(50).default(''),
      idNumber: shortText(50).default(''),
      orgUnitId: id.nullable().default(null),
    }),
    permission: 'person.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'person.get': route<PersonDetail>()({
    input: z.strictObject({ id }),
    permission: 'person.read',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查看人员', subject: 'person', idPath: 'id' },
  }),
  'person.save': route<{ readonly id: string }>()({
    input: writeInput({ id: id.nullable() }, somePersonFields),
    permission: 'person.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '登记人员', subject: 'person', idPath: '>id' },
  }),
  /** Shows one masked value in clear, with a reason that goes into the audit trail. */
  'person.reveal': route<{ readonly value: string }>()({
    input: z.strictObject({
      id,
      field: z.enum(['idNumber', 'phone', 'address']),
      reason: needText('查看理由', 100),
    }),
    permission: 'person.reveal',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查看证件号码或地址', subject: 'person', idPath: 'id' },
  }),
  'person.owed': route<{ readonly open: readonly OwedRow[]; readonly earlier: readonly OwedRow[] }>()({
    input: z.strictObject({ personId: id }),
    permission: 'person.read',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查看既往事项', subject: 'person', idPath: 'personId' },
  }),
  'search.everything': route<Page<SearchHit>>()({
    input: z.strictObject({ text: shortText(100), ...pageInput }),
    permission: 'search.use',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查人查事', subject: 'search' },
  }),
}
