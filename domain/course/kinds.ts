/**
 * The steps of a course as data (DESIGN.md section 3, "Course"). Steering kinds are writes of a register; recording
 * kinds are legal at any time. Forms are drawn from `data`, the core checks against it.
 */
import type { Post } from '../posts'
import type { CourseField, CourseKind } from './declare'
import type { HandlingState, OwnState } from './states'

const text = (label: string, need: '必填' | '选填' = '必填', max = 2000): CourseField => ({
  type: 'text',
  required: need === '必填',
  label,
  max,
})
const choice = (label: string, options: Readonly<Record<string, string>>): CourseField => ({
  type: 'choice',
  required: true,
  label,
  options: Object.entries(options).map(([value, name]) => ({ value, text: name })),
})

const OFFICE: readonly Post[] = ['clerk', 'director']
const WORKERS: readonly Post[] = ['mediator', 'director']
const ALL: readonly Post[] = ['clerk', 'mediator', 'director']
const WORKING: readonly HandlingState[] = ['assigned', 'in_progress', 'returned', 'reopened']
const RESULTS: readonly HandlingState[] = [
  'agreed',
  'eased',
  'not_reached',
  'answered',
  'withdrawn',
  'fulfilled',
  'partly_fulfilled',
  'breached',
]

type Part = Pick<CourseKind, 'text' | 'from' | 'to' | 'posts'> & Partial<CourseKind>
const step = (part: Part): CourseKind => ({ register: 'handling', steering: true, data: {}, ...part })
const own = (part: Part & { readonly to: OwnState }): CourseKind => step({ register: 'matter', ...part })
const record = (name: string, data: CourseKind['data']): CourseKind => ({
  text: name,
  register: 'any',
  steering: false,
  from: [],
  to: null,
  posts: ALL,
  data,
})

const STEERING = {
  opened: step({ text: '登记办理', from: ['start'], to: 'registered', posts: ALL, startsDue: 'acceptance' }),
  accepted: step({ text: '受理', from: ['registered'], to: 'accepted', posts: OFFICE, startsDue: 'way' }),
  refused: step({
    text: '不予受理',
    from: ['registered'],
    to: 'refused',
    outcome: 'refused',
    posts: OFFICE,
    data: { reason: text('不予受理理由', '必填', 500) },
  }),
  assigned: step({
    text: '指派调解员',
    from: ['accepted', ...WORKING],
    to: 'assigned',
    posts: ['director'],
    data: {
      mediatorIds: { type: 'staffList', required: true, label: '调解员' },
      note: text('交办意见', '选填', 500),
    },
  }),
  signed_for: step({ text: '签收', from: ['assigned'], to: 'in_progress', posts: WORKERS }),
  suspended: step({
    text: '中止',
    from: WORKING,
    to: 'suspended',
    posts: WORKERS,
    data: { reason: text('中止原因', '必填', 500) },
  }),
  resumed: step({
    text: '恢复办理',
    from: ['suspended'],
    to: 'in_progress',
    posts: WORKERS,
    startsDue: 'resume',
  }),
  extended: step({
    text: '延长期限',
    from: ['accepted', ...WORKING],
    to: null,
    posts: WORKERS,
    startsDue: 'extension',
    data: {
      to: { type: 'dueChange', required: true, label: '延长至' },
      bothConsent: choice('双方当事人是否同意', { yes: '双方同意' }),
      reason: text('延期原因', '选填', 500),
    },
  }),
  agreed: step({
    text: '达成协议',
    from: WORKING,
    to: 'agreed',
    outcome: 'agreed',
    posts: WORKERS,
    startsDue: 'performBy',
    data: {
      form: choice('协议形式', { written: '书面协议', oral: '口头协议' }),
      text: text('协议内容', '必填', 10_000),
      amountFen: { type: 'fen', required: false, label: '协议涉及金额' },
      performBy: { type: 'date', required: false, label: '约定履行日期' },
    },
  }),
  eased: step({
    text: '矛盾缓和',
    from: WORKING,
    to: 'eased',
    outcome: 'eased',
    posts: WORKERS,
    data: { text: text('缓和情况', '必填', 10_000) },
  }),
  not_reached: step({
    text: '调解不成',
    from: WORKING,
    to: 'not_reached',
    outcome: 'not_reached',
    posts: WORKERS,
    data: { text: text('未达成的原因和告知的救济途径', '必填', 10_000) },
  }),
  withdrawn: step({
    text: '撤回申请',
    from: ['registered', 'accepted', 'suspended', ...WORKING],
    to: 'withdrawn',
    outcome: 'withdrawn',
    posts: ALL,
    data: { text: text('撤回情况') },
  }),
  fulfilled: step({
    text: '协议已履行',
    from: ['agreed', 'partly_fulfilled', 'breached'],
    to: 'fulfilled',
    posts: ALL,
    data: { text: text('履行情况', '选填') },
  }),
  partly_fulfilled: step({
    text: '协议部分履行',
    from: ['agreed', 'breached'],
    to: 'partly_fulfilled',
    posts: ALL,
    data: { text: text('履行情况') },
  }),
  breached: step({
    text: '未按协议履行',
    from: ['agreed', 'partly_fulfilled'],
    to: 'breached',
    posts: ALL,
    data: { text: text('未履行情况') },
  }),
  answered: step({
    text: '答复',
    from: ['accepted', ...WORKING],
    to: 'answered',
    outcome: 'answered',
    posts: ALL,
    data: { text: text('答复内容', '必填', 10_000) },
  }),
  verified: step({
    text: '核验',
    from: RESULTS,
    to: 'verified',
    toBy: { field: 'result', states: { satisfied: 'verified', not: 'returned' } },
    posts: OFFICE,
    startsDue: 'way',
    notByHandler: true,
    data: {
      result: choice('核验结果', { satisfied: '当事人认可', not: '当事人不认可，退回继续办理' }),
      text: text('核验情况'),
    },
  }),
  closed: step({
    text: '办结',
    from: ['verified'],
    to: 'closed',
    posts: OFFICE,
    data: { text: text('办结说明', '选填') },
  }),
  reopened: step({
    text: '重新办理',
    from: ['closed', 'refused', 'verified', ...RESULTS],
    to: 'reopened',
    posts: ['director'],
    startsDue: 'way',
    data: { reason: text('重新办理原因', '必填', 500) },
  }),
  registered: own({
    text: '登记',
    from: ['start'],
    to: 'active',
    toBy: { field: 'answered', states: { on_spot: 'answered_on_spot' } },
    posts: ALL,
    data: {
      answered: {
        type: 'choice',
        required: false,
        label: '当场答复',
        options: [{ value: 'on_spot', text: '当场答复' }],
      },
    },
  }),
  void: own({
    text: '作废登记',
    from: ['active', 'answered_on_spot'],
    to: 'void',
    posts: OFFICE,
    data: { reason: text('作废理由', '必填', 200) },
  }),
  archived: own({ text: '归档', from: ['active', 'answered_on_spot'], to: 'archived', posts: OFFICE }),
  /** The matter's own 重新打开; `reopened` is the handling's. */
  matter_reopened: own({
    text: '重新打开',
    from: ['void', 'archived', 'answered_on_spot'],
    to: 'active',
    posts: ['director'],
    data: { reason: text('重新打开理由', '必填', 500) },
  }),
  /** Made by `course.decide` only: names all heads and states the result. */
  decided: step({
    text: '裁定办理状态',
    register: 'any',
    from: [],
    to: null,
    posts: ['director'],
    data: {
      chosen: text('采用的一步', '必填', 64),
      state: text('裁定结果', '必填', 30),
      reason: text('理由', '必填', 200),
    },
  }),
} satisfies Record<string, CourseKind>

const MEETING = {
  text: text('经过', '必填', 20_000),
  place: text('地点', '选填', 100),
  present: text('在场人员', '选填', 200),
}
const RECORDING = {
  session: record('调解记录', MEETING),
  note: record('工作记录', { text: text('内容', '必填', 20_000) }),
  visit_home: record('上门走访', MEETING),
  payment: record('付款记录', {
    amountFen: { type: 'fen', required: true, label: '金额' },
    text: text('说明', '选填'),
  }),
  reminder: record('催办', { text: text('催办内容') }),
  correction: record('更正', {
    corrects: text('更正的记录', '必填', 64),
    text: text('更正为', '必填', 20_000),
  }),
} satisfies Record<string, CourseKind>

export type SteeringKind = keyof typeof STEERING
type RecordingKind = keyof typeof RECORDING
export type KnownKind = SteeringKind | RecordingKind
export const COURSE_KINDS: Readonly<Record<KnownKind, CourseKind>> = { ...STEERING, ...RECORDING }

/** @returns the declaration, or undefined for a kind this version does not know (from a newer one). */
export function courseKind(kind: string): CourseKind | undefined {
  return Object.hasOwn(COURSE_KINDS, kind) ? COURSE_KINDS[kind as KnownKind] : undefined
}

/** @returns what the timeline calls it; a kind from a newer version is named as such. */
export function courseKindText(kind: string): string {
  return courseKind(kind)?.text ?? `新版本的步骤（${kind}）`
}
