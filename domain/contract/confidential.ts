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

export interface ReferralRow {
  readonly id: string
  /** The list's own number, drawn by a person on receipt; empty before. */
  readonly number: string
  readonly name: string
  readonly urgency: string
  readonly urgencyText: string
  readonly state: string
  readonly stateText: string
  readonly receivedOn: string
  readonly nextOn: string
}
export interface ReferralDetail extends ReferralRow {
  readonly gender: string
  readonly birthDate: string
  readonly phone: Marked<'phone'>
  readonly safeContact: string
  readonly need: string
  readonly consent: string
  readonly sentBy: string
  readonly counsellorId: string | null
  readonly notes: readonly {
    readonly id: string
    readonly kind: string
    readonly kindText: string
    readonly happenedOn: string
    readonly text: string
    readonly by: string
  }[]
  readonly basis: number
}
export interface RosterRow {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly category: string
  readonly categoryText: string
  readonly village: string
  readonly reviewOn: string
  readonly nextVisitOn: string
  /** Past its review date the record is frozen. */
  readonly frozen: boolean
}
export interface RosterDetail extends RosterRow {
  readonly gender: string
  readonly birthDate: string
  readonly idNumber: Marked<'idNumber'>
  readonly phone: Marked<'phone'>
  readonly address: Marked<'address'>
  readonly orgUnitId: string | null
  readonly sourceDocument: string
  readonly approver: string
  readonly legalBasis: string
  readonly supportGroup: string
  readonly note: string
  readonly visits: readonly {
    readonly id: string
    readonly visitedOn: string
    readonly text: string
    readonly by: string
    readonly nextOn: string
  }[]
  readonly basis: number
}

export const confidentialRoutes = {
  'psych.list': route<Page<ReferralRow>>()({
    input: z.strictObject({
      text: shortText(60).default(''),
      state: shortText(20).default(''),
      ...pageInput,
    }),
    permission: 'psych.read',
    kind: 'read',
    compartment: 'psych',
    audit: { action: '查看心理服务名单', subject: 'referral' },
  }),
  'psych.get': route<ReferralDetail>()({
    input: z.strictObject({ id }),
    permission: 'psych.read',
    kind: 'read',
    compartment: 'psych',
    audit: { action: '查看心理服务记录', subject: 'referral', idPath: 'id' },
  }),
  /** 签收 (draws the list's own number), 婉拒, 结束 …; the state word goes back to the sender by the opaque id. */
  'psych.set_state': route<null>()({
    input: writeInput(
      { id },
      {
        state: z.enum(['accepted', 'declined', 'refused_by_person', 'in_service', 'ended', 'referred_on']),
        reason: shortText(500).default(''),
      },
    ),
    permission: 'psych.edit',
    kind: 'write',
    compartment: 'psych',
    audit: { action: '心理服务办理', subject: 'referral', idPath: 'id' },
  }),
  'psych.add_note': route<{ readonly noteId: string }>()({
    input: writeInput(
      { id },
      {
        kind: z.enum(['contact', 'session', 'follow_up', 'note']),
        happenedOn: localDate,
        text: needText('记录内容', 20_000),
        nextOn: z.union([localDate, z.literal('')]).default(''),
      },
    ),
    permission: 'psych.edit',
    kind: 'write',
    compartment: 'psych',
    audit: { action: '心理服务记录', subject: 'referral', idPath: 'id' },
  }),
  'psych.edit': route<null>()({
    input: writeInput(
      { id },
      {
        name: needText('姓名', 60).optional(),
        phone: shortText(50).optional(),
        safeContact: shortText(200).optional(),
        urgency: z.enum(['routine', 'urgent', 'critical']).optional(),
      },
    ),
    permission: 'psych.edit',
    kind: 'write',
    compartment: 'psych',
    audit: { action: '修改心理服务记录', subject: 'referral', idPath: 'id' },
  }),
  'roster.list': route<Page<RosterRow>>()({
    input: z.strictObject({
      text: shortText(60).default(''),
      category: shortText(10).default(''),
      due: z.enum(['any', 'visit', 'review']).default('any'),
      ...pageInput,
    }),
    permission: 'roster.read',
    kind: 'read',
    compartment: 'roster',
    audit: { action: '查看特殊人群名单', subject: 'roster_entry' },
  }),
  'roster.get': route<RosterDetail>()({
    input: z.strictObject({ id }),
    permission: 'roster.read',
    kind: 'read',
    compartment: 'roster',
    audit: { action: '查看特殊人群记录', subject: 'roster_entry', idPath: 'id' },
  }),
  'roster.save': route<{ readonly id: string }>()({
    input: writeInput(
      { id: id.nullable() },
      {
        name: needText('姓名', 60).optional(),
        gender: z.enum(['', 'male', 'female', 'unknown']).optional(),
        birthDate: z.union([localDate, z.literal('')]).optional(),
        idNumber: shortText(50).optional(),
        phone: shortText(50).optional(),
        orgUnitId: id.nullable().optional(),
        address: shortText(200).optional(),
        category: z.enum(['01', '02', '03']).optional(),
        sourceDocument: needText('来源文书', 200).optional(),
        approver: needText('批准人', 60).optional(),
        legalBasis: needText('法律依据', 300).optional(),
        reviewOn: localDate.optional(),
        supportGroup: shortText(200).optional(),
        note: longText(4000).optional(),
        nextVisitOn: z.union([localDate, z.literal('')]).optional(),
      },
    ),
    permission: 'roster.edit',
    kind: 'write',
    compartment: 'roster',
    audit: { action: '登记特殊人群', subject: 'roster_entry', idPath: '>id' },
  }),
  'roster.add_visit': route<{ readonly visitId: string }>()({
    input: writeInput(
      { id },
      {
        visitedOn: localDate,
        text: needText('走访情况', 10_000),
        nextOn: z.union([localDate, z.literal('')]).default(''),
      },
    ),
    permission: 'roster.edit',
    kind: 'write',
    compartment: 'roster',
    audit: { action: '走访记录', subject: 'roster_entry', idPath: 'id' },
  }),
}
