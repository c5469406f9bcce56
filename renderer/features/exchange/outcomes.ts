import type { ImportOutcome } from '../../../domain/contract/exchange'

/** How the outcome of a package is said, and how much it should worry. */
export const OUTCOME_WORDS: Readonly<
  Record<ImportOutcome['outcome'], { readonly level: 'ok' | 'due' | 'late' | 'quiet'; readonly text: string }>
> = {
  applied: { level: 'ok', text: '已导入' },
  already: { level: 'quiet', text: '以前导入过' },
  waits: { level: 'due', text: '等前面的包' },
  quarantined: { level: 'late', text: '待查数据包' },
}
