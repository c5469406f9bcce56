import { z } from 'zod'
import type { Marked } from '../marks'
import {
  id,
  instant,
  localDate,
  longText,
  needText,
  pageInput,
  requestId,
  route,
  shortText,
  writeInput,
  type Page,
} from './define'
import { personFields } from './people'

/** Somebody in a form: one who is on record, or a new person, or (for a respondent) just a name. */
export const personChoice = z.union([
  z.strictObject({ id }),
  z.strictObject({ create: z.object(personFields).partial().strict() }),
])

export interface VisitRow {
  readonly id: string
  readonly arrivedAt: number
  readonly visitor: string | Marked<'minorName'>
  readonly wanted: string
  readonly summary: string
  readonly matterId: string | null
  readonly number: string
  readonly outcome: string
  readonly receiver: string
}
/** What a notice prints (来访回执, 受理告知书, 不予受理告知书): two halves, 存根联 and 告知联. */
export interface NoticeModel {
  readonly kind: 'visit_receipt' | 'acceptance' | 'refusal'
  readonly title: string
  readonly centreName: string
  /** Long form of the matter's code. */
  readonly code: string
  readonly date: string
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  readonly body: readonly string[]
  readonly signPlaces: readonly string[]
}

export const receptionRoutes = {
  /** 即问即答: no name, three fields at most. */
  'visit.question': route<{ readonly visitId: string }>()({
    input: writeInput(
      {},
      {
        wanted: needText('问的是什么', 40),
        description: longText(2000).default(''),
        reply: longText(2000).default(''),
      },
    ),
    permission: 'visit.register',
    kind: 'write',
    compartment: 'base',
    audit: { action: '即问即答', subject: 'visit', idPath: '>visitId' },
  }),
  /** A visit with its person and its matter (new, or one that is continued) in one transaction. */
  'visit.register': route<{
    readonly visitId: string
    readonly matterId: string
    readonly personId: string
    readonly number: string
    readonly numberProblem: string | null
  }>()({
    input: writeInput(
      {},
      {
        person: personChoice,
        /** Null: a new matter. */
        matterId: id.nullable().default(null),
        channel: shortText(20).default('visit'),
        headCount: z.int().min(1).max(9999).default(1),
        /** One plain word; codes follow by mapping. */
        wanted: needText('想办什么', 40),
        description: needText('说的什么事', 20_000),
        /** The other side: people and units, as typed. */
        opponents: z
          .array(
            z.union([
              z.strictObject({ personId: id }),
              z.strictObject({ name: needText('对方', 100), isUnit: z.boolean().default(false) }),
            ]),
          )
          .max(60)
          .default([]),
        /** Organisation units the matter is about; their people are refused the record. */
        respondentUnitIds: z.array(id).max(20).default([]),
        category: shortText(8).default(''),
        place: shortText(100).default(''),
        orgUnitId: id.nullable().default(null),
        occurredOn: z.union([localDate, z.literal('')]).default(''),
        /** Way of the first handling; empty: answered on the spot. */
        way: shortText(40).default(''),
        /** Unit the handling goes to. */
        destinationUnitId: id.nullable().default(null),
        reply: longText(2000).default(''),
        arrivedAt: instant.nullable().default(null),
        /** 代录: whom this is typed for. */
        receivedBy: id.nullable().default(null),
        clockConfirmed: z.boolean().default(false),
      },
    ),
    permission: 'visit.register',
    kind: 'write',
    compartment: 'base',
    audit: { action: '登记来访', subject: 'visit', idPath: '>visitId' },
  }),
  'visit.list': route<Page<VisitRow>>()({
    input: z.strictObject({ from: localDate, to: localDate, ...pageInput }),
    permission: 'visit.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'notice.get': route<NoticeModel>()({
    input: z.strictObject({
      kind: z.enum(['visit_receipt', 'acceptance', 'refusal']),
      matterId: id,
      visitId: id.nullable().default(null),
    }),
    permission: 'matter.read',
    kind: 'read',
    compartment: 'base',
    audit: { action: '打印告知文书', subject: 'matter', idPath: 'matterId' },
  }),

  'draft.save': route<null>()({
    input: z.strictObject({ key: shortText(80), content: longText(400_000) }),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),
  'draft.list': route<
    readonly { readonly key: string; readonly content: string; readonly savedAt: number }[]
  >()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'draft.discard': route<null>()({
    input: z.strictObject({ key: shortText(80) }),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),

  /** Letter-box: leaves nothing in base but a sealed item. */
  'sealed.send': route<{ readonly sealedId: string }>()({
    input: z.strictObject({
      requestId,
      compartment: z.enum(['psych', 'children']),
      form: z.strictObject({
        name: needText('姓名', 60),
        gender: personFields.gender.default(''),
        birthDate: personFields.birthDate.default(''),
        phone: shortText(50).default(''),
        safeContact: shortText(200).default(''),
        need: needText('需要什么帮助', 4000),
        urgency: z.enum(['routine', 'urgent', 'critical']).default('routine'),
        consent: z.enum(['given', 'oral', 'emergency']),
        /** Immediate danger: who confirmed it besides the sender. */
        confirmedBy: id.nullable().default(null),
        personId: id.nullable().default(null),
        matterId: id.nullable().default(null),
      }),
    }),
    permission: 'sealed.send',
    kind: 'process',
    compartment: 'base',
    audit: { action: '密封转介', subject: 'sealed_item', idPath: '>sealedId' },
  }),
  /** The sender's own items: state word and, opened with the sender's key alone, whom it was about. */
  'sealed.mine': route<
    readonly {
      readonly sealedId: string
      readonly sentAt: number
      readonly about: string
      readonly stateText: string
    }[]
  >()({
    input: z.strictObject({}),
    permission: 'sealed.send',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查看本人转介', subject: 'sealed_item' },
  }),

  'unit.list': route<readonly UnitRow[]>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'unit.save': route<{ readonly id: string }>()({
    input: writeInput(
      { id: id.nullable() },
      {
        name: needText('名称', 60).optional(),
        kind: shortText(20).optional(),
        parentId: id.nullable().optional(),
        code: shortText(32).optional(),
        contactPerson: shortText(40).optional(),
        contactPhone: shortText(50).optional(),
      },
    ),
    permission: 'pool.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '维护单位', subject: 'org_unit', idPath: '>id' },
  }),
  'code.lists': route<CodeLists>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
}

export interface UnitRow {
  readonly id: string
  readonly name: string
  /** district, town, village, community, grid, committee, department, studio. */
  readonly kind: string
  readonly parentId: string | null
  readonly code: string
  readonly contactPerson: string
  readonly contactPhone: string
  readonly basis: number
}
export interface CodeLists {
  readonly wanted: readonly string[]
  readonly categories: readonly { readonly code: string; readonly name: string; readonly parent: string }[]
  readonly ways: readonly { readonly code: string; readonly name: string }[]
  readonly channels: readonly { readonly code: string; readonly name: string }[]
}
