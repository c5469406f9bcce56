/**
 * Working days of the years whose notice is known, cut from chinese-days 1.5.7 (MIT), which follows the yearly
 * 《国务院办公厅关于部分节假日安排的通知》. A test compares these days with the package. A year that is not here,
 * or whose notice is not out, is said to be unknown wherever it is counted.
 */
export interface LoadedYear {
  readonly year: number
  readonly state: 'loaded'
  /** What to call this notice, in Chinese. */
  readonly source: string
  /** Days off by the notice, weekends inside a holiday included, with the holiday's name. */
  readonly daysOff: Readonly<Record<string, string>>
  /** Weekend days that are worked (调休上班). */
  readonly workedDays: Readonly<Record<string, string>>
}
/** The State Council's notice of this year is not loaded: only weekdays can be told. */
interface UnknownYear {
  readonly year: number
  readonly state: 'not_loaded'
}
type CalendarYear = LoadedYear | UnknownYear

export interface WorkCalendar {
  /** Written into every deadline counted with it. */
  readonly version: string
  readonly years: readonly CalendarYear[]
}

export const SHIPPED_CALENDAR: WorkCalendar = {
  version: 'chinese-days-1.5.7/2025+2026',
  years: [
    {
      year: 2025,
      state: 'loaded',
      source: '国务院办公厅关于2025年部分节假日安排的通知',
      daysOff: {
        '2025-01-01': '元旦',
        '2025-01-28': '春节',
        '2025-01-29': '春节',
        '2025-01-30': '春节',
        '2025-01-31': '春节',
        '2025-02-01': '春节',
        '2025-02-02': '春节',
        '2025-02-03': '春节',
        '2025-02-04': '春节',
        '2025-04-04': '清明',
        '2025-04-05': '清明',
        '2025-04-06': '清明',
        '2025-05-01': '劳动节',
        '2025-05-02': '劳动节',
        '2025-05-03': '劳动节',
        '2025-05-04': '劳动节',
        '2025-05-05': '劳动节',
        '2025-05-31': '端午',
        '2025-06-01': '端午',
        '2025-06-02': '端午',
        '2025-10-01': '国庆节',
        '2025-10-02': '国庆节',
        '2025-10-03': '国庆节',
        '2025-10-04': '国庆节',
        '2025-10-05': '国庆节',
        '2025-10-06': '中秋',
        '2025-10-07': '国庆节',
        '2025-10-08': '国庆节',
      },
      workedDays: {
        '2025-01-26': '春节',
        '2025-02-08': '春节',
        '2025-04-27': '劳动节',
        '2025-09-28': '国庆节',
        '2025-10-11': '国庆节',
      },
    },
    {
      year: 2026,
      state: 'loaded',
      source: '国务院办公厅关于2026年部分节假日安排的通知',
      daysOff: {
        '2026-01-01': '元旦',
        '2026-01-02': '元旦',
        '2026-01-03': '元旦',
        '2026-02-15': '春节',
        '2026-02-16': '春节',
        '2026-02-17': '春节',
        '2026-02-18': '春节',
        '2026-02-19': '春节',
        '2026-02-20': '春节',
        '2026-02-21': '春节',
        '2026-02-22': '春节',
        '2026-02-23': '春节',
        '2026-04-04': '清明',
        '2026-04-05': '清明',
        '2026-04-06': '清明',
        '2026-05-01': '劳动节',
        '2026-05-02': '劳动节',
        '2026-05-03': '劳动节',
        '2026-05-04': '劳动节',
        '2026-05-05': '劳动节',
        '2026-06-19': '端午',
        '2026-06-20': '端午',
        '2026-06-21': '端午',
        '2026-09-25': '中秋',
        '2026-09-26': '中秋',
        '2026-09-27': '中秋',
        '2026-10-01': '国庆节',
        '2026-10-02': '国庆节',
        '2026-10-03': '国庆节',
        '2026-10-04': '国庆节',
        '2026-10-05': '国庆节',
        '2026-10-06': '国庆节',
        '2026-10-07': '国庆节',
      },
      workedDays: {
        '2026-01-04': '元旦',
        '2026-02-14': '春节',
        '2026-02-28': '春节',
        '2026-05-09': '劳动节',
        '2026-09-20': '国庆节',
        '2026-10-10': '国庆节',
      },
    },
    { year: 2027, state: 'not_loaded' },
  ],
}
