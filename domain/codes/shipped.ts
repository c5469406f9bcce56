/**
 * Code lists the application ships, with the words of PRACTICE.md section 3. Codes are text with their system; a
 * town's own additions carry its area code and live in the database.
 */
import { CATEGORIES, MEDIATION_CATEGORIES } from './categories'
import { WAYS } from './ways'

export const CODE_SYSTEMS = [
  'category',
  'mediation_category',
  'way',
  'channel',
  'party_role',
  'risk_level',
  'confidentiality',
  'gender',
  'id_type',
  'unit_kind',
  'roster_category',
  'urgency',
  'referral_state',
  'referral_note_kind',
] as const
export type CodeSystem = (typeof CODE_SYSTEMS)[number]

/** Its id is a UUIDv5 of `system/code`, made in `db`, so terminals set up apart agree. */
export interface CodeItem {
  readonly system: CodeSystem
  readonly code: string
  readonly name: string
  readonly parent: string
  /** What goes out for it to other systems; empty: the code itself. */
  readonly external: string
  readonly sort: number
}

type Short = readonly (readonly [code: string, name: string, external?: string, parent?: string])[]
const list = (system: CodeSystem, rows: Short): CodeItem[] =>
  rows.map(([code, name, external = '', parent = ''], index) => ({
    system,
    code,
    name,
    parent,
    external,
    sort: index + 1,
  }))

const CHANNELS: Short = [
  ['visit', '来访'],
  ['call', '来电'],
  ['letter', '来信'],
  ['online', '网上反映'],
  ['grid', '网格上报'],
  ['transfer', '部门移送'],
  ['police', '110 非警务警情'],
  ['hotline', '12345 转办'],
  ['screening', '滚动排查'],
  ['superior', '上级交办'],
  ['other', '其他'],
]

/** GA/T 517 as far as known (DOMAIN.md 7.5); `none`: gives no document. */
const ID_TYPES: Short = [
  ['111', '居民身份证'],
  ['112', '临时居民身份证'],
  ['113', '户口簿'],
  ['114', '军官证'],
  ['115', '警官证'],
  ['335', '机动车驾驶证'],
  ['414', '普通护照'],
  ['420', '香港特别行政区护照'],
  ['421', '澳门特别行政区护照'],
  ['511', '台湾居民来往大陆通行证'],
  ['516', '港澳居民来往内地通行证'],
  ['553', '外国人永久居留身份证'],
  ['990', '其他证件'],
]

export const SHIPPED_CODES: readonly CodeItem[] = [
  ...list(
    'category',
    CATEGORIES.map(({ code, name, external = '' }) => [
      code,
      name,
      external,
      code.length === 4 ? code.slice(0, 2) : '',
    ]),
  ),
  ...list('mediation_category', MEDIATION_CATEGORIES),
  ...list(
    'way',
    WAYS.map(({ code, name, external }) => [code, name, external]),
  ),
  ...list('channel', CHANNELS),
  ...list('party_role', [
    ['applicant', '申请人'],
    ['respondent', '被申请人'],
    ['agent', '代理人'],
    ['third', '第三人'],
  ]),
  ...list('risk_level', [
    ['low', '低风险'],
    ['medium', '中风险'],
    ['high', '高风险'],
  ]),
  ...list('confidentiality', [
    ['normal', '一般'],
    ['sensitive', '敏感'],
    ['secret', '保密'],
  ]),
  ...list('gender', [
    ['male', '男', '1'],
    ['female', '女', '2'],
    ['unknown', '未说明', '9'],
  ]),
  ...list('id_type', ID_TYPES),
  ...list('unit_kind', [
    ['district', '县（市、区）'],
    ['town', '乡镇（街道）'],
    ['village', '村'],
    ['community', '社区'],
    ['grid', '网格'],
    ['committee', '调解委员会'],
    ['department', '部门单位'],
    ['studio', '调解工作室'],
  ]),
  ...list('roster_category', [
    ['01', '刑满释放人员'],
    ['02', '社区矫正对象', '社区矫正人员'],
    ['03', '严重精神障碍患者', '肇事肇祸等严重精神障碍患者'],
  ]),
  ...list('urgency', [
    ['routine', '常规'],
    ['urgent', '紧急'],
    ['critical', '危急'],
  ]),
  ...list('referral_state', [
    ['sent', '已转介，待签收'],
    ['accepted', '已签收'],
    ['declined', '已婉拒'],
    ['refused_by_person', '本人不需要'],
    ['in_service', '服务中'],
    ['ended', '服务结束'],
    ['referred_on', '已转上级机构'],
  ]),
  ...list('referral_note_kind', [
    ['contact', '联系'],
    ['session', '面谈'],
    ['follow_up', '回访'],
    ['note', '工作记录'],
  ]),
]

const NAMES = new Map(SHIPPED_CODES.map((item) => [`${item.system}/${item.code}`, item.name]))

/** @returns the shipped name; a code this version does not know is shown as it is. */
export function codeName(system: CodeSystem, code: string): string {
  return NAMES.get(`${system}/${code}`) ?? code
}

/** @returns a shipped list in its order. */
export function codesOf(system: CodeSystem): CodeItem[] {
  return SHIPPED_CODES.filter((item) => item.system === system)
}
