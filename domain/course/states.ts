/** States of a matter and of its handlings, and results, as data. */
export type StateCategory =
  /** Somebody has to do the next thing. */
  | 'open'
  /** Waits for a day, a payment or the citizen's word. */
  | 'waiting'
  | 'done'

interface StateInfo {
  readonly text: string
  readonly category: StateCategory
  /** Counts as 受理. */
  readonly accepted: boolean
  /** Counts as 办结: a result was reached, whatever it is. */
  readonly concluded: boolean
}

const state = (text: string, category: StateCategory, counts: '' | '受理' | '办结'): StateInfo => ({
  text,
  category,
  accepted: counts !== '',
  concluded: counts === '办结',
})

/** States of a handling. */
const HANDLING_STATES = {
  registered: state('待受理', 'open', ''),
  refused: state('不予受理', 'done', ''),
  accepted: state('已受理，待指派', 'open', '受理'),
  assigned: state('已指派，待签收', 'open', '受理'),
  in_progress: state('办理中', 'open', '受理'),
  suspended: state('已中止', 'waiting', '受理'),
  returned: state('核验未通过，继续办理', 'open', '受理'),
  reopened: state('重新办理', 'open', '受理'),
  agreed: state('已达成协议，待履行', 'waiting', '办结'),
  eased: state('矛盾已缓和，待核验', 'waiting', '办结'),
  not_reached: state('调解不成，待核验', 'waiting', '办结'),
  answered: state('已答复，待核验', 'waiting', '办结'),
  withdrawn: state('已撤回，待核验', 'waiting', '办结'),
  fulfilled: state('协议已履行，待核验', 'waiting', '办结'),
  partly_fulfilled: state('协议部分履行', 'waiting', '办结'),
  breached: state('未按协议履行', 'open', '办结'),
  verified: state('已核验，待办结', 'open', '办结'),
  closed: state('已办结', 'done', '办结'),
} as const satisfies Record<string, StateInfo>

/** States of the matter's own register. */
const OWN_STATES = {
  active: state('已登记', 'open', ''),
  answered_on_spot: state('当场答复', 'done', ''),
  void: state('登记已作废', 'done', ''),
  archived: state('已归档', 'done', '办结'),
} as const satisfies Record<string, StateInfo>

export const STATES = { ...OWN_STATES, ...HANDLING_STATES }
export type HandlingState = keyof typeof HANDLING_STATES
export type OwnState = keyof typeof OWN_STATES
export type CourseState = keyof typeof STATES

/** Results. `success` counts as 化解成功. */
export const OUTCOMES = {
  agreed: { text: '达成协议', success: true },
  eased: { text: '矛盾缓和', success: true },
  answered: { text: '已答复', success: true },
  not_reached: { text: '调解不成', success: false },
  withdrawn: { text: '申请人撤回', success: false },
  refused: { text: '不予受理', success: false },
} as const satisfies Record<string, { readonly text: string; readonly success: boolean }>
export type Outcome = keyof typeof OUTCOMES

/** @returns whether a text (from stored data) is a state. */
export function isCourseState(text: unknown): text is CourseState {
  return typeof text === 'string' && Object.hasOwn(STATES, text)
}

/** @returns whether a text (from stored data) is a result. */
export function isOutcome(text: unknown): text is Outcome {
  return typeof text === 'string' && Object.hasOwn(OUTCOMES, text)
}
