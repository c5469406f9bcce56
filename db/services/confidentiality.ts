/** Which matters are sensitive by nature (PRACTICE.md section 2, rule 2): family, sexual, violence, minors. */

export const CONFIDENTIALITY = ['normal', 'sensitive', 'secret'] as const
type Level = (typeof CONFIDENTIALITY)[number]

/** 婚恋家庭纠纷 of list A. */
const SENSITIVE_CATEGORY = /^01/
const SENSITIVE_WORDS = /家暴|家庭暴力|强奸|性侵|猥亵|性骚扰|虐待/

/** @returns the level a matter has at least, before anybody says otherwise. */
export function sensitivityOf(matter: {
  readonly category: string
  readonly description: string
  readonly hasMinor?: boolean
}): Level {
  const sensitive =
    matter.hasMinor === true ||
    SENSITIVE_CATEGORY.test(matter.category) ||
    SENSITIVE_WORDS.test(matter.description)
  return sensitive ? 'sensitive' : 'normal'
}

/** @returns the stricter of two levels; an unknown one counts as secret. */
export function stricter(a: string, b: Level): Level {
  const rank = (level: string): number => {
    const found = CONFIDENTIALITY.findIndex((one) => one === level)
    return found < 0 ? CONFIDENTIALITY.length - 1 : found
  }
  return CONFIDENTIALITY[Math.max(rank(a), rank(b))] ?? 'secret'
}
