import type { Output, RawInput } from '../../../domain/contract/index'

export type MonthCounts = Output<'month.counts'>
export type BehindCount = RawInput<'month.behind'>['count']
export type BehindBy = Exclude<NonNullable<RawInput<'month.behind'>['by']>, ''>

/** What a clicked number asks for. `visits` and `questions` open the visits of the month, the rest the matters. */
export interface Drill {
  readonly count: BehindCount | 'visits' | 'questions'
  readonly by: BehindBy | ''
  readonly key: string
  /** Words above the list: `2026年3月 石埠村 化解 4 件次`. */
  readonly title: string
}
export type Piece = { readonly text: string } | { readonly value: number; readonly drill: Drill }

const COUNT_WORDS: Readonly<Record<Drill['count'], { readonly name: string; readonly unit: string }>> = {
  visits: { name: '来访', unit: '批次' },
  questions: { name: '即问即答', unit: '次' },
  matters: { name: '登记事项', unit: '件' },
  handlings: { name: '办理', unit: '件次' },
  accepted: { name: '受理', unit: '件次' },
  resolved: { name: '化解', unit: '件次' },
  overdue: { name: '超期', unit: '件次' },
  open: { name: '在办', unit: '件' },
}

/** Columns of the tables, in order. */
export const TABLE_COUNTS = ['visits', 'matters', 'handlings', 'accepted', 'resolved', 'overdue'] as const
/** @returns column heading with its unit, since counts of different things must not be added up. */
export const columnWords = (count: Drill['count']): string =>
  `${COUNT_WORDS[count].name}（${COUNT_WORDS[count].unit}）`

/** @returns `2026年3月` for `2026-03`. */
export function monthWords(month: string): string {
  const [year = '', number = ''] = month.split('-')
  return `${year}年${Number(number)}月`
}

/** @returns the month `steps` away, as `YYYY-MM`. */
export function monthStep(month: string, steps: number): string {
  const [year = '1970', number = '1'] = month.split('-')
  const index = Number(year) * 12 + Number(number) - 1 + steps
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** @returns first and last civil date of a month. */
export function monthDates(month: string): { readonly from: string; readonly to: string } {
  const [year = '1970', number = '1'] = month.split('-')
  const last = new Date(Date.UTC(Number(year), Number(number), 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, '0')}` }
}

/** What stands behind one number. */
export function drillOf(
  month: string,
  count: Drill['count'],
  value: number,
  group: { readonly by: BehindBy; readonly key: string; readonly name: string } | null,
): Drill {
  const words = COUNT_WORDS[count]
  const who = group === null ? '' : `${group.name} `
  return {
    count,
    by: group?.by ?? '',
    key: group?.key ?? '',
    title: `${monthWords(month)} ${who}${words.name} ${value} ${words.unit}`,
  }
}

/** The month in plain sentences, each number with what is behind it. */
export function monthSentences(counts: MonthCounts): readonly (readonly Piece[])[] {
  const piece = (count: Drill['count'], value: number): Piece[] => [
    { text: `${COUNT_WORDS[count].name} ` },
    { value, drill: drillOf(counts.month, count, value, null) },
    { text: ` ${COUNT_WORDS[count].unit}` },
  ]
  return [
    [
      { text: '本月' },
      ...piece('visits', counts.visits),
      { text: '，另有' },
      ...piece('questions', counts.questions),
      { text: '。' },
    ],
    [
      ...piece('matters', counts.matters),
      { text: '，' },
      ...piece('handlings', counts.handlings),
      { text: '。' },
    ],
    [
      ...piece('accepted', counts.accepted),
      { text: '，' },
      ...piece('resolved', counts.resolved),
      { text: '，' },
      ...piece('overdue', counts.overdue),
      { text: '。' },
    ],
    [{ text: '到月底' }, ...piece('open', counts.open), { text: '。' }],
  ]
}

/** @returns whether nothing came in and nothing was settled: the month is filed as 零报告. */
export function isZeroReport(counts: MonthCounts): boolean {
  return [
    counts.visits,
    counts.questions,
    counts.matters,
    counts.handlings,
    counts.accepted,
    counts.resolved,
    counts.overdue,
  ].every((value) => value === 0)
}
