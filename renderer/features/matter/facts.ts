import type { RawInput } from '../../../domain/contract/index'
import type { Matter } from '../../components/work/course/step'
import { parseYuan } from '../../composables/format'

export type FactsPatch = RawInput<'matter.edit'>['patch']
/** The facts as they stand in the form: all text. */
export interface Facts {
  title: string
  category: string
  orgUnitId: string | null
  place: string
  description: string
  occurredOn: string
  headCount: string
  yuan: string
  confidentiality: string
  riskLevel: string
}
export const FACT_LABELS: Readonly<Record<string, string>> = {
  title: '事项名称',
  category: '纠纷类别',
  orgUnitId: '村（社区）',
  place: '发生地点',
  description: '说的什么事',
  occurredOn: '发生日期',
  headCount: '涉及人数',
  amountFen: '涉及金额',
  confidentiality: '保密级别',
  riskLevel: '风险等级',
}

/** @returns the form's fields for a matter as it was read. */
export function factsOf(matter: Matter): Facts {
  return {
    title: matter.title,
    category: matter.category,
    orgUnitId: matter.orgUnitId,
    place: matter.place,
    description: matter.description,
    occurredOn: matter.occurredOn,
    headCount: String(matter.headCount),
    yuan: matter.amountFen === null ? '' : (matter.amountFen / 100).toFixed(2),
    confidentiality: matter.confidentiality,
    riskLevel: matter.riskLevel,
  }
}

/** What is wrong with the form, by field. */
export function factProblems(facts: Facts): Record<string, string> {
  const heads = Number(facts.headCount.normalize('NFKC').trim())
  return {
    ...(facts.title.trim() === '' ? { title: '请填写事项名称' } : {}),
    ...(facts.description.trim() === '' ? { description: '请填写“说的什么事”' } : {}),
    ...(Number.isInteger(heads) && heads >= 1 ? {} : { headCount: '涉及人数至少 1 人' }),
    ...(parseYuan(facts.yuan) === undefined ? { amountFen: '金额写成 3000 或 3000.50' } : {}),
  }
}

/** @returns only the fields the person changed: the patch of `matter.edit`. */
export function factsPatch(before: Facts, after: Facts): FactsPatch {
  const patch: FactsPatch = {}
  if (after.title.trim() !== before.title) patch.title = after.title.trim()
  if (after.category !== before.category) patch.category = after.category
  if (after.orgUnitId !== before.orgUnitId) patch.orgUnitId = after.orgUnitId
  if (after.place !== before.place) patch.place = after.place
  if (after.description !== before.description) patch.description = after.description
  if (after.occurredOn !== before.occurredOn) patch.occurredOn = after.occurredOn
  if (after.headCount !== before.headCount) patch.headCount = Number(after.headCount.normalize('NFKC').trim())
  if (after.yuan !== before.yuan) patch.amountFen = parseYuan(after.yuan) ?? null
  if (after.confidentiality !== before.confidentiality) {
    patch.confidentiality = after.confidentiality as NonNullable<FactsPatch['confidentiality']>
  }
  if (after.riskLevel !== before.riskLevel)
    patch.riskLevel = after.riskLevel as NonNullable<FactsPatch['riskLevel']>
  return patch
}
