/** The month's ledger (台账) for the workbook: one line per matter, masked, under the same predicate as every list. */
import type { LocalDate } from '../../domain/clock'
import { localMinuteOf } from '../../domain/clock'
import { Marked } from '../../domain/marks'
import { monthPeriod } from '../../domain/statistics/month'
import type { PartyKey } from '../derived/matter'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { matterVisible } from '../visibility/matter'
import { listName } from '../visibility/minor'
import { codeText } from './codes'
import { matterColumns, toMatterRows, type ListedMatter } from './matter-row'

/** Headings of the ledger, in order. */
export const LEDGER_COLUMNS = [
  '编号',
  '登记日期',
  '登记时间',
  '事项名称',
  '类别',
  '村（社区）',
  '申请人',
  '申请人电话',
  '对方当事人',
  '承办人',
  '状态',
  '办理时限',
] as const
export type LedgerRow = Readonly<Record<(typeof LEDGER_COLUMNS)[number], string | Marked>>

/**
 * @returns the matters registered in the month, oldest first; sensitive fields marked. The router's masking by post
 * does not apply to files: the export masks all of them.
 */
export function buildLedger(db: ReadableDb, viewer: Viewer, month: string, today: LocalDate): LedgerRow[] {
  const period = monthPeriod(month, today)
  const rows = db.all<ListedMatter>(sql`SELECT ${matterColumns(viewer, sql`s`)} FROM matter_state s
    WHERE s.registered_on >= ${period.from} AND s.registered_on <= ${period.to} AND ${matterVisible(viewer, sql`s`)}
    ORDER BY s.registered_at, s.matter_id`)
  const shown = toMatterRows(db, rows, today)
  return rows.map((row) => {
    const line = shown(row)
    const told = row.told === 1
    const parties = told ? (JSON.parse(row.parties) as PartyKey[]) : []
    const named = (role: (party: PartyKey) => boolean): string =>
      parties
        .filter(role)
        .map((party) => listName(party.name, party.birthDate, today))
        .join('、')
    return {
      编号: line.number,
      登记日期: row.registered_on,
      登记时间: localMinuteOf(row.registered_at),
      事项名称: line.title,
      类别: codeText(db, 'category', line.category),
      '村（社区）': line.village,
      申请人: named((party) => party.role === 'applicant'),
      申请人电话: new Marked('phone', told ? phoneOf(db, row.matter_id) : ''),
      对方当事人: named((party) => party.role === 'respondent'),
      承办人: line.mediator,
      状态: line.stateText,
      办理时限: line.due.dueOn,
    }
  })
}

function phoneOf(db: ReadableDb, matterId: string): string {
  const row = db.get<{ phone: string }>(sql`SELECT COALESCE(NULLIF(p.phone, ''), q.phone, '') AS phone
    FROM matter_party p LEFT JOIN person q ON q.id = p.person_id
    WHERE p.matter_id = ${matterId} AND p.removed = 0 AND p.role = 'applicant' ORDER BY p.id LIMIT 1`)
  return row?.phone ?? ''
}
