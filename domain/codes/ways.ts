/** Ways of handling, what people ask for, and what follows from one plain word. */
import { DUE_RULES, type DueRule } from '../course/deadlines'
import type { ConfidentialCompartment } from '../compartments'

export interface WayRow {
  readonly code: string
  readonly name: string
  /** Name in a deployed list of 化解方式 (DOMAIN.md 1.5), whose code values are not known; empty: no counterpart. */
  readonly external: string
  /** Keys of `DUE_RULES`; null: no limit runs. */
  readonly acceptance: string | null
  readonly handling: string | null
}

const way = (
  code: string,
  name: string,
  external: string,
  handling: string | null,
  acceptance: string | null = null,
): WayRow => ({ code, name, external, acceptance, handling })

/** Psychological service is never a way: it goes into the letter-box (DESIGN.md section 3). */
export const WAYS: readonly WayRow[] = [
  way('people_mediation', '人民调解', '人民调解', 'mediation'),
  way('admin_mediation', '行政调解', '行政调解', 'mediation'),
  way('trade_mediation', '行业性专业性调解', '人民调解', 'mediation'),
  way('court_mediation', '法院特邀调解', '人民调解', 'court_invited'),
  way('lawyer_mediation', '律师调解', '律师调解', 'mediation'),
  way('commercial_mediation', '商事调解', '人民调解', 'mediation'),
  way('settlement', '当事人和解', '自愿化解', 'mediation'),
  way('consultation', '咨询答复', '', 'simple'),
  way('work_order', '工单交办', '', 'general'),
  way('petition', '信访处理', '', 'petition', 'petition_acceptance'),
  way('labour_inspection', '劳动监察', '', 'complex'),
  way('arbitration', '仲裁引导', '仲裁', 'general'),
  way('adjudication', '行政裁决引导', '行政裁决', 'general'),
  way('reconsideration', '行政复议引导', '行政复议', 'general'),
  way('litigation', '诉讼引导', '', 'general'),
  way('notary', '公证引导', '公证', 'general'),
  way('legal_aid', '法律援助', '', 'general'),
  way('hardship_help', '困难帮扶', '', 'complex'),
  way('other', '其他', '', 'complex'),
]

/**
 * @param code way of the handling; an unknown one gets the limit of a complex matter
 * @param own a town's own rules by key, in place of the presets
 * @returns the rules for the decision to accept and for the handling itself
 */
export function wayDueRules(
  code: string,
  own: Readonly<Record<string, DueRule>> = {},
): { readonly acceptance: DueRule | null; readonly way: DueRule | null } {
  const row = WAYS.find((one) => one.code === code)
  const rule = (key: string | null): DueRule | null =>
    key === null ? null : (own[key] ?? DUE_RULES[key] ?? null)
  return {
    acceptance: rule(row?.acceptance ?? null),
    way: rule(row === undefined ? 'complex' : row.handling),
  }
}

export interface WantedRow {
  /** The one word the clerk picks; stored as it is. */
  readonly word: string
  /** Default category (list A); empty: none. */
  readonly category: string
  /** Default way of the first handling; empty: answered on the spot or sealed. */
  readonly way: string
  /** Goes into the letter-box and leaves nothing in base. */
  readonly letterBox: ConfidentialCompartment | null
}

export const WANTED: readonly WantedRow[] = [
  { word: '纠纷调解', category: '', way: 'people_mediation', letterBox: null },
  { word: '咨询', category: '', way: '', letterBox: null },
  { word: '投诉举报', category: '', way: 'work_order', letterBox: null },
  { word: '欠薪', category: '0781', way: 'people_mediation', letterBox: null },
  { word: '法律援助', category: '', way: 'legal_aid', letterBox: null },
  { word: '困难帮扶', category: '1202', way: 'hardship_help', letterBox: null },
  { word: '信访事项', category: '', way: 'petition', letterBox: null },
  { word: '心理服务', category: '', way: '', letterBox: 'psych' },
  { word: '其他', category: '99', way: 'work_order', letterBox: null },
]

/** @returns what follows from the picked word; a word typed by hand is 其他 without a category. */
export function fromWanted(word: string): WantedRow {
  return WANTED.find((row) => row.word === word) ?? { word, category: '', way: 'work_order', letterBox: null }
}
