/** Proposal of a mediator with its reason, and recusal (回避). The director decides; an empty pool stays empty. */

export interface PoolMember {
  readonly staffId: string
  readonly name: string
  /** Fields as typed: `婚姻家庭、邻里`. */
  readonly fields: string
  /** Handlings in hand. */
  readonly openLoad: number
  /** Person record of the same human being, where there is one. */
  readonly personId: string | null
  readonly orgUnitId: string | null
}
export interface AssignmentCase {
  /** Name of the category and of its head: `相邻土地建筑利用 邻里纠纷`. */
  readonly categoryText: string
  readonly orgUnitId: string | null
  readonly partyPersonIds: readonly string[]
  /** Names of parties without a person record, as typed. */
  readonly partyNames: readonly string[]
  readonly respondentUnitIds: readonly string[]
  /** Staff who are kin of, or live with, a party; from the recusals on record. */
  readonly relatedStaff: readonly {
    readonly staffId: string
    readonly relation: 'kin' | 'household' | 'own_request'
  }[]
}
export interface Proposal {
  readonly staffId: string
  readonly name: string
  readonly openLoad: number
  /** Empty when excluded. */
  readonly reason: string
  /** Empty, or why this person may not take the case. */
  readonly excluded: string
}

const RELATIONS = {
  kin: '与当事人是近亲属，应当回避',
  household: '与当事人同住一户，应当回避',
  own_request: '本人申请回避',
} as const

/** @returns why this person may not take the case, or an empty text. */
function recusal(member: PoolMember, matter: AssignmentCase): string {
  if (member.personId !== null && matter.partyPersonIds.includes(member.personId))
    return '本人是当事人，应当回避'
  if (member.orgUnitId !== null && matter.respondentUnitIds.includes(member.orgUnitId)) {
    return '在被反映的单位任职，应当回避'
  }
  const related = matter.relatedStaff.find((one) => one.staffId === member.staffId)
  if (related !== undefined) return RELATIONS[related.relation]
  // Same name without a person record: cannot be told apart, so a person has to look.
  return matter.partyNames.includes(member.name) ? '与当事人同名，请先核实是否本人' : ''
}

const SEPARATORS = /[\s、，,;；/]+/

function knows(member: PoolMember, matter: AssignmentCase): string {
  const fields = member.fields.split(SEPARATORS).filter((field) => [...field].length >= 2)
  return fields.find((field) => matter.categoryText.includes(field.replace(/纠纷$/, ''))) ?? ''
}

/**
 * @param pool mediators in the pool
 * @returns everybody, the proposed first and the excluded last, each with the reason
 */
export function proposeMediators(pool: readonly PoolMember[], matter: AssignmentCase): Proposal[] {
  const ranked = pool.map((member) => {
    const excluded = recusal(member, matter)
    const field = knows(member, matter)
    const sameVillage = member.orgUnitId !== null && member.orgUnitId === matter.orgUnitId
    const parts = [
      ...(field === '' ? [] : [`擅长${field}`]),
      ...(sameVillage ? ['本村（社区）调解员'] : []),
      member.openLoad === 0 ? '手上没有在办' : `手上在办 ${member.openLoad} 件`,
    ]
    const score = (field === '' ? 0 : 30) + (sameVillage ? 15 : 0) - member.openLoad * 5
    const { staffId, name, openLoad } = member
    return {
      score,
      proposal: { staffId, name, openLoad, excluded, reason: excluded === '' ? parts.join('，') : '' },
    }
  })
  return ranked
    .sort((a, b) => {
      const last = Number(a.proposal.excluded !== '') - Number(b.proposal.excluded !== '')
      return last || b.score - a.score || (a.proposal.staffId < b.proposal.staffId ? -1 : 1)
    })
    .map((one) => one.proposal)
}

/** @returns what to say above the list when nobody can be proposed; empty when somebody can. Nobody is taken instead. */
export function poolProblem(proposals: readonly Proposal[]): string {
  if (proposals.length === 0) return '调解员库还没有人，请先在“调解员库”中登记。'
  return proposals.every((one) => one.excluded !== '')
    ? '库里的调解员都需要回避，请提请上级或从其他单位聘请调解员。'
    : ''
}
