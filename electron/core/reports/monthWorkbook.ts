/** The month's workbook: counts, three tables of counts, and the ledger. */
import * as xlsx from 'xlsx'
import type { CountRow, MonthCounts } from '../../../domain/contract/month'

/** One line of the ledger (台账), already masked. */
export interface LedgerLine {
  readonly [column: string]: string | number
}

type Cell = string | number
const COUNT_HEAD = [
  '名称',
  '来访（批次）',
  '登记事项（件）',
  '办理（件次）',
  '受理（件次）',
  '化解（件次）',
  '超期（件次）',
]

/** Strings become typed string cells, never formulas: text that begins with `=` stays text. */
function sheetOf(rows: readonly (readonly Cell[])[], widths: readonly number[]): xlsx.WorkSheet {
  const sheet = xlsx.utils.aoa_to_sheet(
    rows.map((row) =>
      row.map((cell) => (typeof cell === 'number' ? { t: 'n', v: cell } : { t: 's', v: cell })),
    ),
  )
  sheet['!cols'] = widths.map((wch) => ({ wch }))
  return sheet
}

const countSheet = (rows: readonly CountRow[]): xlsx.WorkSheet =>
  sheetOf(
    [
      COUNT_HEAD,
      ...rows.map((row) => [
        row.name,
        row.visits,
        row.matters,
        row.handlings,
        row.accepted,
        row.resolved,
        row.overdue,
      ]),
    ],
    [24, 14, 12, 12, 12, 12, 12],
  )

function summarySheet(centreName: string, counts: MonthCounts): xlsx.WorkSheet {
  const rows: Cell[][] = [
    [`${centreName} ${counts.month} 月报`, ''],
    ['来访（批次）', counts.visits],
    ['另有即问即答（次）', counts.questions],
    ['登记事项（件）', counts.matters],
    ['办理（件次）', counts.handlings],
    ['受理（件次）', counts.accepted],
    ['化解（件次）', counts.resolved],
    ['超期（件次）', counts.overdue],
    ['月末在办（件）', counts.open],
    ['', ''],
    ['指标说明', ''],
    ...counts.definitions.map((line) => [line, '']),
  ]
  if (counts.visits + counts.matters + counts.handlings === 0) rows.splice(1, 0, ['本月零报告', ''])
  return sheetOf(rows, [60, 14])
}

/**
 * @param centreName as on screens and papers
 * @param ledger lines with Chinese column names, the same columns in each
 * @returns the bytes of the `.xlsx`
 */
export function monthWorkbook(
  centreName: string,
  counts: MonthCounts,
  ledger: readonly LedgerLine[],
  columns: readonly string[],
): Uint8Array {
  const book = xlsx.utils.book_new()
  xlsx.utils.book_append_sheet(book, summarySheet(centreName, counts), '月报')
  xlsx.utils.book_append_sheet(book, countSheet(counts.byVillage), '按村（社区）')
  xlsx.utils.book_append_sheet(book, countSheet(counts.byCategory), '按类别')
  xlsx.utils.book_append_sheet(book, countSheet(counts.byMediator), '按调解员')
  const lines = ledger.map((line) => columns.map((column) => line[column] ?? ''))
  xlsx.utils.book_append_sheet(
    book,
    sheetOf(
      [columns, ...lines],
      columns.map((name) => Math.max(10, name.length * 2 + 4)),
    ),
    '台账',
  )
  return new Uint8Array(xlsx.write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer)
}
