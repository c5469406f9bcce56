/** 柳桥镇, which does not exist: its area code begins with 99, which is no province (domain/rules/areaCode.ts). */
import { DEMO_AREA_PREFIX } from '../../../domain/rules/areaCode'
import type { Post } from '../../../domain/posts'

export const CENTRE_NAME = '柳桥镇矛盾纠纷多元化解中心'
export const AREA_CODE = `${DEMO_AREA_PREFIX}0000106000`
export const TERMINAL_NAME = '一号窗口'

/** One password for every account of the invented town; it protects nothing. */
export const DEMO_PASSWORD = 'demo-2026'

export interface DemoUnit {
  readonly name: string
  /** As in the code list `unit_kind`. */
  readonly kind: string
  /** Name of the unit above; empty: the town. */
  readonly parent: string
  readonly code: string
}

const VILLAGES = [
  '柳湾村',
  '上坡村',
  '石桥村',
  '东岭村',
  '白杨村',
  '南塘村',
  '杏花村',
  '河口村',
  '双井村',
  '青石村',
]
const COMMUNITIES = ['柳桥社区', '新街社区']
/** Where people live; the town's own units come after them. */
export const HOMES: readonly string[] = [...VILLAGES, ...COMMUNITIES]

const DEPARTMENTS = [
  '柳桥派出所',
  '柳桥司法所',
  '自然资源所',
  '人力资源和社会保障所',
  '市场监督管理所',
  '民政办公室',
  '信访办公室',
  '农业农村服务中心',
  '村镇建设办公室',
  '柳桥卫生院',
]

const codeOf = (index: number): string => `${AREA_CODE.slice(0, 9)}${String(200 + index).padStart(3, '0')}`

/** Parents before children. */
export const UNITS: readonly DemoUnit[] = [
  ...HOMES.map((name, index) => ({
    name,
    kind: VILLAGES.includes(name) ? 'village' : 'community',
    parent: '',
    code: codeOf(index + 1),
  })),
  ...HOMES.flatMap((name) => [
    { name: `${name}人民调解委员会`, kind: 'committee', parent: name, code: '' },
    { name: `${name}第一网格`, kind: 'grid', parent: name, code: '' },
    { name: `${name}第二网格`, kind: 'grid', parent: name, code: '' },
  ]),
  { name: '柳桥镇人民调解委员会', kind: 'committee', parent: '', code: '' },
  { name: '老槐树调解工作室', kind: 'studio', parent: '', code: '' },
  ...DEPARTMENTS.map((name) => ({ name, kind: 'department', parent: '', code: '' })),
]

export interface DemoStaff {
  readonly account: string
  readonly name: string
  /** The first is the one the year is played in. */
  readonly posts: readonly [Post, ...Post[]]
  /** Name of the unit; empty: none. */
  readonly unit: string
  /** Fields known, for mediators of the pool; null: not in the pool. */
  readonly fields: string | null
}

const staff = (
  account: string,
  name: string,
  posts: DemoStaff['posts'],
  unit = '',
  fields: string | null = null,
): DemoStaff => ({ account, name, posts, unit, fields })

const COMMITTEE = '柳桥镇人民调解委员会'
const mediator = (account: string, name: string, unit: string, fields: string): DemoStaff =>
  staff(account, name, ['mediator'], unit, fields)

/** The administrator founds the centre; everybody else is entered by them. */
export const ADMIN = staff('admin', '方文博', ['administrator'])
export const STAFF: readonly DemoStaff[] = [
  staff('clerk', '叶小满', ['clerk']),
  staff('clerk2', '孟春燕', ['clerk']),
  staff('director', '秦远山', ['director', 'leader']),
  staff('deputy', '罗素琴', ['mediator', 'director'], COMMITTEE, '信访、征地、合同'),
  mediator('mediator', '石永庆', COMMITTEE, '婚恋家庭、邻里、赡养'),
  mediator('mediator2', '梅秀兰', COMMITTEE, '婚恋家庭、人格权'),
  mediator('mediator3', '高建业', COMMITTEE, '土地、宅基地、山林'),
  mediator('mediator4', '丁卫东', '老槐树调解工作室', '劳动人事、欠薪、劳务'),
  mediator('mediator5', '宋玉成', '老槐树调解工作室', '合同、借贷、消费'),
  mediator('mediator6', '葛长顺', '柳湾村人民调解委员会', '邻里、土地'),
  mediator('mediator7', '鲁桂芳', '石桥村人民调解委员会', '邻里、婚恋家庭'),
  mediator('mediator8', '陶国栋', '柳桥社区人民调解委员会', '物业、邻里、交通事故'),
  staff('psych', '温静怡', ['psych_worker']),
  staff('roster', '卫国强', ['roster_officer']),
  staff('child', '佟晓岚', ['child_officer']),
  staff('reviewer', '严正明', ['reviewer'], '柳桥司法所'),
  staff('auditor', '康宁', ['auditor']),
]
