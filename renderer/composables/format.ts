import { localDateOf, localMinuteOf, type LocalDate } from '../../domain/clock'

/** @returns `2026年3月1日` for `2026-03-01`; other text unchanged, `未填` for none. */
export function dateWords(date: LocalDate | ''): string {
  if (date === '') return '未填'
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (parts === null) return date
  return `${parts[1]}年${Number(parts[2])}月${Number(parts[3])}日`
}

/**
 * @param instant milliseconds since 1970 UTC, or null
 * @param now the same for the moment of looking
 * @returns `09:42` for today, `昨天 09:42`, otherwise `3月1日 09:42` with the year when it is another one
 */
export function momentWords(instant: number | null, now: number): string {
  if (instant === null) return '还没有'
  const [date = '', time = ''] = localMinuteOf(instant).split(' ')
  if (date === localDateOf(now)) return time
  if (date === localDateOf(now - 86_400_000)) return `昨天 ${time}`
  const words = dateWords(date)
  return `${date.slice(0, 4) === localDateOf(now).slice(0, 4) ? words.slice(5) : words} ${time}`
}

/** @param fen money in integer fen, or null. @returns `3,000.00 元`. */
export function yuanWords(fen: number | null): string {
  if (fen === null) return '未填'
  const yuan = Math.floor(fen / 100)
  const rest = String(fen % 100).padStart(2, '0')
  return `${String(yuan).replace(/\B(?=(\d{3})+$)/g, ',')}.${rest} 元`
}

/**
 * @param text what a person typed as yuan: `3000`, `3,000.5`, full-width digits too
 * @returns integer fen, null for an empty field, undefined when it is not an amount
 */
export function parseYuan(text: string): number | null | undefined {
  const plain = text.normalize('NFKC').replace(/[,\s元￥¥]/g, '')
  if (plain === '') return null
  const parts = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain)
  if (parts === null) return undefined
  return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
}
