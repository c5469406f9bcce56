/** Counts of a month, what is behind each, and the ledger. */
import type { LocalDate } from '../../domain/clock'
import type { Input, Output } from '../../domain/contract/index'
import type { CountRow } from '../../domain/contract/month'
import {
  countMonth,
  countsMatter,
  HANDLING_COUNTS,
  MONTH_DEFINITIONS,
  monthPeriod,
  type HandlingFacts,
  type MatterFacts,
  type Period,
  type VisitFacts,
} from '../../domain/statistics/month'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { isInsider, matterVisible } from '../visibility/matter'
import { staffNames } from '../visibility/viewer'
import { pageOfMatters } from './matter-list'
import { codeText } from './codes'
import { unitNames } from './names'

interface Grouped {
  readonly village: string
  readonly category: string
  readonly mediators: readonly string[]
}
interface VisitLine extends VisitFacts, Grouped {}
interface MatterLine extends MatterFacts, Grouped {
  readonly matterId: string
}
interface HandlingLine extends HandlingFacts, Grouped {
  readonly matterId: string
}
interface Lines {
  readonly visits: readonly VisitLine[]
  readonly matters: readonly MatterLine[]
  readonly handlings: readonly HandlingLine[]
}

/** Heads of the list of categories: what a month is reported by. */
const headOf = (category: string): string => category.slice(0, 2)
const idsOf = (json: string): string[] => JSON.parse(json) as string[]

/** All that can count in the month; everybody's numbers are the same, only what is behind them is filtered. */
function linesOf(db: ReadableDb, period: Period): Lines {
  const visits = db
    .all<{ on: string; question: number; village: string; category: string }>(
      sql`SELECT v.arrived_on AS "on", v.is_question AS question, COALESCE(m.org_unit_id, p.org_unit_id, '') AS village,
        COALESCE(m.category, '') AS category
      FROM visit v LEFT JOIN matter m ON m.id = v.matter_id LEFT JOIN person p ON p.id = v.person_id
      WHERE v.arrived_on >= ${period.from} AND v.arrived_on <= ${period.to} AND v.removed = 0`,
    )
    .map((row) => ({
      arrivedOn: row.on,
      isQuestion: row.question === 1,
      village: row.village,
      category: headOf(row.category),
      mediators: [],
    }))
  const matters = db
    .all<{
      matter_id: string
      registered_on: string
      state: string
      org_unit_id: string
      dispute: string
      mediators: string
    }>(
      sql`SELECT matter_id, registered_on, state, org_unit_id, dispute, mediators FROM matter_state
        WHERE registered_on >= ${period.from} AND registered_on <= ${period.to}`,
    )
    .map((row) => ({
      matterId: row.matter_id,
      registeredOn: row.registered_on,
      voided: row.state === 'void',
      village: row.org_unit_id,
      category: headOf(row.dispute),
      mediators: idsOf(row.mediators),
    }))
  return { visits, matters, handlings: handlingLines(db, period) }
}

function handlingLines(db: ReadableDb, period: Period): HandlingLine[] {
  return db
    .all<{
      matter_id: string
      opened_on: string
      accepted_on: string
      resolved_on: string
      outcome: string
      limit_on: string
      suspended_on: string
      voided: number
      org_unit_id: string
      dispute: string
      mediators: string
    }>(
      sql`SELECT matter_id, opened_on, accepted_on, resolved_on, outcome, limit_on, suspended_on, voided, org_unit_id,
        dispute, mediators FROM handling_state WHERE handling_id IN (
          SELECT handling_id FROM handling_state WHERE opened_on >= ${period.from} AND opened_on <= ${period.to}
          UNION SELECT handling_id FROM handling_state
            WHERE accepted_on <> '' AND accepted_on >= ${period.from} AND accepted_on <= ${period.to}
          UNION SELECT handling_id FROM handling_state WHERE resolved_on = '' AND opened_on <= ${period.asOf}
          UNION SELECT handling_id FROM handling_state WHERE resolved_on >= ${period.from})`,
    )
    .map((row) => ({
      matterId: row.matter_id,
      openedOn: row.opened_on,
      acceptedOn: row.accepted_on,
      outcomeOn: row.resolved_on,
      outcome: row.outcome,
      dueOn: row.limit_on,
      suspendedOn: row.suspended_on,
      voided: row.voided === 1,
      village: row.org_unit_id,
      category: headOf(row.dispute),
      mediators: idsOf(row.mediators),
    }))
}

function byGroup(
  lines: Lines,
  period: Period,
  keysOf: (line: Grouped) => readonly string[],
  nameOf: (key: string) => string,
): CountRow[] {
  const keys = new Set(
    [...lines.visits, ...lines.matters, ...lines.handlings].flatMap((line) => keysOf(line)),
  )
  const of = <T extends Grouped>(list: readonly T[], key: string): T[] =>
    list.filter((line) => keysOf(line).includes(key))
  return [...keys]
    .map((key) => {
      const { visits, matters, handlings, accepted, resolved, overdue } = countMonth(
        {
          visits: of(lines.visits, key),
          matters: of(lines.matters, key),
          handlings: of(lines.handlings, key),
        },
        period,
      )
      return { key, name: nameOf(key), visits, matters, handlings, accepted, resolved, overdue }
    })
    .filter((row) => row.visits + row.matters + row.handlings + row.accepted + row.resolved + row.overdue > 0)
    .sort((a, b) => b.matters - a.matters || b.handlings - a.handlings || (a.key < b.key ? -1 : 1))
}

const NOT_FILLED = '（未填）'

/** @param today civil date: overdue and open are as of the earlier of it and the month's last day */
export function monthCounts(db: ReadableDb, month: string, today: LocalDate): Output<'month.counts'> {
  const period = monthPeriod(month, today)
  const lines = linesOf(db, period)
  const all = [...lines.visits, ...lines.matters, ...lines.handlings]
  const units = unitNames(
    db,
    all.map((line) => line.village),
  )
  const staff = staffNames(
    db,
    all.flatMap((line) => [...line.mediators]),
  )
  return {
    month,
    ...countMonth(lines, period),
    byVillage: byGroup(
      lines,
      period,
      (line) => [line.village],
      (key) => units.get(key) ?? NOT_FILLED,
    ),
    byCategory: byGroup(
      lines,
      period,
      (line) => [line.category],
      (key) => codeText(db, 'category', key) || NOT_FILLED,
    ),
    byMediator: byGroup(
      lines,
      period,
      (line) => line.mediators,
      (key) => staff.get(key) ?? NOT_FILLED,
    ),
    definitions: MONTH_DEFINITIONS,
  }
}

/** Matters that make up a number; those refused to the viewer are left out of the list, not of the number. */
export function monthBehind(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'month.behind'>,
  today: LocalDate,
): Output<'month.behind'> {
  const period = monthPeriod(input.month, today)
  const lines = linesOf(db, period)
  const inGroup = (line: Grouped): boolean => {
    if (input.by === 'village') return line.village === input.key
    if (input.by === 'category') return line.category === input.key
    return input.by === '' || line.mediators.includes(input.key)
  }
  const ids = new Set(
    behindLines(lines, input.count, period)
      .filter(inGroup)
      .map((line) => line.matterId),
  )
  const s = sql`s`
  const where = [
    sql`s.matter_id IN (SELECT value FROM json_each(${JSON.stringify([...ids])}))`,
    matterVisible(viewer, s),
  ]
  // By category is by something that a sensitive matter does not tell.
  if (input.by === 'category') where.push(sql`(s.confidentiality = 'normal' OR ${isInsider(viewer, s)})`)
  const { after, limit } = input
  return pageOfMatters(db, viewer, { where, order: 'newest', after, limit }, today)
}

function behindLines(
  lines: Lines,
  count: Input<'month.behind'>['count'],
  period: Period,
): (Grouped & { readonly matterId: string })[] {
  if (count === 'matters') return lines.matters.filter((line) => countsMatter(line, period))
  return lines.handlings.filter((line) => HANDLING_COUNTS[count](line, period))
}
