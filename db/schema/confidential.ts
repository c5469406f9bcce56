/** Tables of the confidential compartments. Persons known only from a confidential list are rows of that list's file. */
import { COMMON_TABLES, removed } from './common'
import { bool, date, instant, maybe, ref, text, type Schema } from './declare'

const PERSON_FIELDS = {
  name: text('姓名', 60),
  gender: text('性别', 10),
  birth_date: date('出生日期'),
  phone: { ...text('电话', 50), mark: 'phone' },
} as const

export const PSYCH_TABLES = {
  ...COMMON_TABLES,
  /** Absorbed from a sealed item: its id is UUIDv5 of the sealed id, so two terminals absorbing make equal rows. */
  referral: {
    kind: 'record',
    label: '心理服务',
    fields: {
      sealed_id: text('来件编号', 64),
      ...PERSON_FIELDS,
      safe_contact: text('安全联系方式', 200),
      need: text('需要的帮助', 4000),
      urgency: { ...text('紧急程度', 20), shown: 'higher', scale: ['routine', 'urgent', 'critical'] },
      consent: text('本人意愿', 20),
      confirmed_by: text('共同确认人', 64),
      sent_at: instant('转介时间'),
      sent_by: text('转介人', 64),
      /** Link into base, kept only here. */
      base_person_id: maybe(ref('人员', 'person')),
      base_matter_id: maybe(ref('事项', 'matter')),
      state: { ...text('状态', 20), group: 'state' },
      state_reason: { ...text('说明', 500), group: 'state' },
      counsellor_id: maybe(ref('承办人', 'staff')),
      next_on: date('下次联系'),
      removed,
    },
  },
  referral_note: {
    kind: 'event',
    label: '服务记录',
    root: { field: 'referral_id', table: 'referral' },
    fields: {
      referral_id: ref('心理服务', 'referral'),
      kind: text('类别', 20),
      happened_on: date('日期'),
      body: text('内容', 20_000),
      recorded_at: instant('录入时间'),
      recorded_by: text('记录人', 64),
    },
  },
} as const satisfies Schema

export const ROSTER_TABLES = {
  ...COMMON_TABLES,
  roster_entry: {
    kind: 'record',
    label: '特殊人群',
    fields: {
      ...PERSON_FIELDS,
      id_number: { ...text('证件号码', 50), mark: 'idNumber' },
      org_unit_id: { ...maybe(ref('村（社区）', 'org_unit')), group: 'home' },
      address: { ...text('住址', 200), group: 'home', mark: 'address' },
      category: text('类别', 10),
      source_document: text('来源文书', 200),
      approver: text('批准人', 60),
      legal_basis: text('法律依据', 300),
      review_on: { ...date('复核日期'), shown: 'earlier' },
      support_group: text('帮扶小组', 200),
      note: text('备注', 4000),
      next_visit_on: date('下次走访'),
      removed,
    },
  },
  roster_visit: {
    kind: 'event',
    label: '走访记录',
    root: { field: 'entry_id', table: 'roster_entry' },
    fields: {
      entry_id: ref('特殊人群', 'roster_entry'),
      visited_on: date('走访日期'),
      body: text('走访情况', 10_000),
      next_on: date('下次走访'),
      recorded_at: instant('录入时间'),
      recorded_by: text('记录人', 64),
    },
  },
} as const satisfies Schema

export const CHILDREN_TABLES = {
  ...COMMON_TABLES,
  child_entry: {
    kind: 'record',
    label: '需关爱未成年人',
    fields: {
      sealed_id: text('来件编号', 64),
      ...PERSON_FIELDS,
      safe_contact: text('安全联系方式', 200),
      need: text('需要的帮助', 4000),
      guardian_is_danger: bool('监护人即侵害人'),
      sent_at: instant('转介时间'),
      sent_by: text('转介人', 64),
      state: text('状态', 20),
      removed,
    },
  },
} as const satisfies Schema
