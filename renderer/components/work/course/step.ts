import type { Wire } from '../../../../domain/marks'
import type { Output } from '../../../../domain/contract/index'
import type { CourseField } from '../../../../domain/course/declare'
import { courseKind } from '../../../../domain/course/kinds'
import { parseYuan } from '../../../composables/format'

export type Matter = Wire<Output<'matter.get'>>
export type Handling = Matter['handlings'][number]
export type CourseEntry = Matter['course'][number]
/** What is typed into the form of a step: money as yuan, people as a list of ids, the rest as text. */
export type StepValues = Record<string, string | string[]>
/** The form of a step may start from values that fit the moment, like the usual words. */
export interface StepChoice {
  readonly kind: string
  readonly text: string
}

/** @returns fields of the step's form with their names, in declared order; none for a kind of a newer version. */
export function stepFields(kind: string): readonly (readonly [string, CourseField])[] {
  return Object.entries(courseKind(kind)?.data ?? {})
}

/** @returns an empty form of the step. */
export function emptyStep(kind: string): StepValues {
  return Object.fromEntries(
    stepFields(kind).map(([name, field]) => [name, field.type === 'staffList' ? [] : '']),
  )
}

/**
 * @param kind a steering or recording kind
 * @param values what was typed
 * @returns the step's data, money in fen, without blanks; and what is missing, by field
 */
export function stepData(
  kind: string,
  values: StepValues,
): { readonly data: Record<string, unknown>; readonly problems: Record<string, string> } {
  const data: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const [name, field] of stepFields(kind)) {
    const typed = values[name] ?? ''
    const blank = Array.isArray(typed) ? typed.length === 0 : typed.trim() === ''
    if (blank) {
      if (field.required) problems[name] = `请${field.type === 'text' ? '填写' : '选择'}${field.label}`
      continue
    }
    if (field.type === 'fen') {
      const fen = parseYuan(String(typed))
      if (typeof fen === 'number') data[name] = fen
      else problems[name] = '金额写成 3000 或 3000.50'
      continue
    }
    data[name] = typeof typed === 'string' ? typed.trim() : typed
  }
  return { data, problems }
}

/** What usually comes next in a state, the likeliest first. The record's one main button is the first that is legal. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  registered: ['accepted'],
  accepted: ['assigned', 'answered'],
  assigned: ['signed_for'],
  in_progress: ['agreed', 'answered'],
  returned: ['agreed', 'answered'],
  reopened: ['assigned', 'agreed'],
  suspended: ['resumed'],
  agreed: ['fulfilled', 'verified'],
  partly_fulfilled: ['fulfilled', 'verified'],
  breached: ['fulfilled', 'verified'],
  eased: ['verified'],
  not_reached: ['verified'],
  answered: ['verified'],
  withdrawn: ['verified'],
  fulfilled: ['verified'],
  verified: ['closed'],
}

/** @returns the step for the main button, or undefined when this post has nothing to do next. */
export function mainStep(handling: Handling): StepChoice | undefined {
  for (const kind of USUAL[handling.state] ?? []) {
    const found = handling.nextKinds.find((step) => step.kind === kind)
    if (found !== undefined) return found
  }
  return undefined
}

/** Usual words per kind: the old hand with the mouse needs no keyboard. */
export const PHRASES: Readonly<Record<string, readonly string[]>> = {
  session: ['双方到场', '一方没有来', '愿意再谈', '对方说没钱', '对方说不归他管', '约好下次再谈'],
  visit_home: ['上门见到本人', '家里没人', '已经修好', '对方说没钱修', '对方说不归他修'],
  note: ['电话联系过', '已提醒双方', '等一方答复', '材料已收齐'],
  reminder: ['请尽快联系双方', '期限快到了'],
  eased: ['双方不再争吵', '一方已赔礼', '约定互不打扰'],
  not_reached: ['分歧太大，双方不同意再调', '已告知可以申请仲裁', '已告知可以向法院起诉'],
  withdrawn: ['双方已自行和解', '申请人不想再追究'],
  suspended: ['一方外出，联系不上', '等鉴定结果'],
  fulfilled: ['已当面付清', '已修好，双方看过'],
  breached: ['到期没有付款', '到期没有修'],
  partly_fulfilled: ['付了一部分'],
  refused: ['不属于本中心受理范围，已告知去处', '法院已经受理'],
  agreed: ['一次付清', '分期支付', '赔礼道歉，互不追究', '由对方修复'],
  verified: ['电话核实，本人认可', '当面核实，本人认可'],
}

/** @returns text with a phrase added as a sentence of its own; the same phrase is not added twice. */
export function withPhrase(text: string, phrase: string): string {
  if (text.includes(phrase)) return text
  const before = text.trimEnd()
  if (before === '') return `${phrase}。`
  return `${/[。！？；，,.;]$/.test(before) ? before : `${before}。`}${phrase}。`
}
