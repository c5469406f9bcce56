import { z } from 'zod'
import type { Marked } from '../marks'
import {
  fen,
  id,
  localDate,
  longText,
  needText,
  pageInput,
  requestId,
  route,
  shortText,
  steerInput,
  writeInput,
  type Page,
} from './define'

/** Dated deadline, written into the event that starts it and never recomputed. */
export interface DueView {
  readonly dueOn: string
  /** `还剩 3 个工作日`, `超期 97 天`. */
  readonly text: string
  readonly level: 'ok' | 'soon' | 'late' | 'none'
  /** 时限怎么算的. */
  readonly reason: string
}
export interface MatterRow {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly category: string
  readonly parties: string
  readonly village: string
  readonly state: string
  readonly stateText: string
  readonly mediator: string
  readonly due: DueView
  readonly registeredOn: string
  readonly hasDifference: boolean
}
export interface PartyView {
  readonly id: string
  readonly personId: string | null
  readonly role: string
  readonly roleText: string
  readonly name: string | Marked<'minorName'>
  readonly phone: Marked<'phone'>
  readonly address: Marked<'address'> | Marked<'secretAddress'>
  readonly isUnit: boolean
}
export interface CourseEventView {
  readonly id: string
  readonly handlingId: string | null
  readonly kind: string
  readonly kindText: string
  readonly steering: boolean
  readonly happenedOn: string
  readonly text: string
  readonly actedBy: string
  /** 代录: who typed it, when somebody else. */
  readonly typedBy: string
  /** The kind is from a newer version: shown, does not steer. */
  readonly unknown: boolean
}
export interface HandlingView {
  readonly id: string
  readonly way: string
  readonly wayText: string
  readonly unitName: string
  readonly state: string
  readonly stateText: string
  readonly mediators: readonly { readonly staffId: string; readonly name: string }[]
  readonly due: DueView
  /** Heads of the course register as shown: basis of a steering event. */
  readonly heads: readonly string[]
  /** The other heads when two desks steered apart; a director decides. */
  readonly otherHeads: readonly { readonly eventId: string; readonly text: string }[]
  /** Steering kinds that are legal now. */
  readonly nextKinds: readonly { readonly kind: string; readonly text: string }[]
}
export interface MatterDetail {
  readonly id: string
  readonly number: string
  readonly longNumber: string
  readonly title: string
  readonly category: string
  readonly categoryText: string
  readonly orgUnitId: string | null
  readonly village: string
  readonly place: string
  readonly description: string
  readonly occurredOn: string
  readonly registeredOn: string
  readonly headCount: number
  readonly amountFen: number | null
  readonly wanted: string
  readonly confidentiality: string
  readonly riskLevel: string
  readonly state: string
  readonly stateText: string
  readonly heads: readonly string[]
  readonly due: DueView
  readonly parties: readonly PartyView[]
  readonly respondentUnits: readonly {
    readonly id: string
    readonly orgUnitId: string
    readonly name: string
  }[]
  readonly handlings: readonly HandlingView[]
  readonly course: readonly CourseEventView[]
  readonly visits: readonly {
    readonly id: string
    readonly arrivedAt: number
    readonly visitor: string | Marked<'minorName'>
    readonly wanted: string
  }[]
  readonly differences: readonly string[]
  readonly basis: number
}
export interface PoolRow {
  readonly staffId: string
  readonly name: string
  readonly unitName: string
  readonly fields: string
  readonly openLoad: number
  /** Empty, or why this person may not take the case (回避). */
  readonly excluded: string
}

export const matterRoutes = {
  'matter.list': route<Page<MatterRow>>()({
    input: z.strictObject({
      text: shortText(100).default(''),
      states: z.array(shortText(30)).max(20).default([]),
      due: z.enum(['any', 'soon', 'late']).default('any'),
      orgUnitId: id.nullable().default(null),
      mediatorId: id.nullable().default(null),
      category: shortText(8).default(''),
      /** Registered from/to. */
      from: z.union([localDate, z.literal('')]).default(''),
      to: z.union([localDate, z.literal('')]).default(''),
      order: z.enum(['newest', 'due']).default('newest'),
      ...pageInput,
    }),
    permission: 'matter.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  /** `reason` is asked for where the viewer has no task in the matter; it goes into the audit trail. */
  'matter.get': route<MatterDetail>()({
    input: z.strictObject({ id, reason: shortText(100).default('') }),
    permission: 'matter.read',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查看事项', subject: 'matter', idPath: 'id' },
  }),
  'matter.edit': route<{ readonly basis: number }>()({
    input: writeInput(
      { id },
      {
        title: needText('事项名称', 100).optional(),
        category: shortText(8).optional(),
        orgUnitId: id.nullable().optional(),
        place: shortText(100).optional(),
        description: needText('说的什么事', 20_000).optional(),
        occurredOn: z.union([localDate, z.literal('')]).optional(),
        headCount: z.int().min(1).max(99_999).optional(),
        amountFen: fen.nullable().optional(),
        confidentiality: z.enum(['normal', 'sensitive', 'secret']).optional(),
        riskLevel: z.enum(['', 'low', 'medium', 'high']).optional(),
      },
    ),
    permission: 'matter.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '修改事项', subject: 'matter', idPath: 'id' },
  }),
  'matter.save_party': route<{ readonly partyId: string }>()({
    input: writeInput(
      { matterId: id, partyId: id.nullable() },
      {
        personId: id.nullable().optional(),
        name: shortText(100).optional(),
        isUnit: z.boolean().optional(),
        role: z.enum(['applicant', 'respondent', 'agent', 'third']).optional(),
        phone: shortText(50).optional(),
        address: shortText(200).optional(),
        addressSecret: z.boolean().optional(),
        removed: z.boolean().optional(),
      },
    ),
    permission: 'matter.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '登记当事人', subject: 'matter', idPath: 'matterId' },
  }),
  'matter.save_respondent_unit': route<null>()({
    input: writeInput({ matterId: id }, { orgUnitId: id, removed: z.boolean().default(false) }),
    permission: 'matter.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '登记涉及单位', subject: 'matter', idPath: 'matterId' },
  }),
  'matter.void': route<null>()({
    input: steerInput({ reason: needText('作废理由', 200) }),
    permission: 'matter.void',
    kind: 'write',
    compartment: 'base',
    audit: { action: '作废登记', subject: 'matter', idPath: 'matterId' },
  }),
  'handling.open': route<{ readonly handlingId: string }>()({
    input: writeInput(
      { matterId: id },
      { way: needText('办理方式', 40), orgUnitId: id.nullable().default(null) },
    ),
    permission: 'matter.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '新增办理', subject: 'matter', idPath: 'matterId' },
  }),
  /**
   * A steering event. `data` is checked by the kind's own schema (domain/course). What the post may steer is part of
   * the kind's declaration.
   */
  'course.steer': route<{ readonly eventId: string }>()({
    input: steerInput({
      kind: shortText(30),
      happenedOn: localDate,
      /** 代录: whom this is typed for. */
      actedBy: id.nullable().default(null),
      data: z.record(z.string(), z.unknown()).default({}),
    }),
    permission: 'matter.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '办理', subject: 'matter', idPath: 'matterId' },
  }),
  /** A director's decision between heads: names all of them and states the result. */
  'course.decide': route<{ readonly eventId: string }>()({
    input: steerInput({ chosenHead: id, reason: needText('理由', 200) }),
    permission: 'handling.decide',
    kind: 'write',
    compartment: 'base',
    audit: { action: '裁定办理状态', subject: 'matter', idPath: 'matterId' },
  }),
  /** A recording event: legal at any time. */
  'course.record': route<{ readonly eventId: string }>()({
    input: z.strictObject({
      requestId,
      matterId: id,
      handlingId: id.nullable(),
      patch: z.strictObject({
        kind: z.enum(['session', 'note', 'visit_home', 'payment', 'reminder', 'correction']),
        happenedOn: localDate,
        text: longText(20_000).default(''),
        place: shortText(100).default(''),
        present: shortText(200).default(''),
        amountFen: fen.nullable().default(null),
        corrects: id.nullable().default(null),
        actedBy: id.nullable().default(null),
      }),
    }),
    permission: 'matter.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '记录经过', subject: 'matter', idPath: 'matterId' },
  }),
  'pool.list': route<readonly PoolRow[]>()({
    input: z.strictObject({ matterId: id.nullable().default(null) }),
    permission: 'pool.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'pool.save': route<null>()({
    input: writeInput(
      { staffId: id },
      {
        fields: shortText(200).optional(),
        orgUnitId: id.nullable().optional(),
        active: z.boolean().optional(),
      },
    ),
    permission: 'pool.edit',
    kind: 'write',
    compartment: 'base',
    audit: { action: '维护调解员库', subject: 'staff', idPath: 'staffId' },
  }),
}
