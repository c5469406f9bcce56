/** A matter as lists show it: what a viewer outside a sensitive matter may not know is left out here, once for all lists. */
import { SHIPPED_CALENDAR } from '../../domain/calendar/data'
import type { LocalDate } from '../../domain/clock'
import type { DueView, MatterRow } from '../../domain/contract/matter'
import { dueText } from '../../domain/course/deadlines'
import type { MatterStateRow, PartyKey } from '../derived/matter'
import type { ReadableDb } from '../handle'
import { sql, type Sql } from '../sql'
import type { Viewer } from '../store'
import { isInsider } from '../visibility/matter'
import { listName } from '../visibility/minor'
import { staffNames } from '../visibility/viewer'
import { unitNames } from './names'

export interface ListedMatter extends MatterStateRow {
  /** 1: the title and story may be shown. */
  readonly told: number
}

/** Columns of a list of matters. @param state alias of `matter_state` */
export function matterColumns(viewer: Viewer, state: Sql): Sql {
  return sql`${state}.*, (${state}.confidentiality = 'normal' OR ${isInsider(viewer, state)}) AS told`
}

/** @returns a deadline as it stands today. */
export function dueView(dueOn: string, reason: string, today: LocalDate): DueView {
  return { dueOn, reason, ...dueText(dueOn === '' ? null : dueOn, today, SHIPPED_CALENDAR) }
}

const idsOf = (json: string): string[] => JSON.parse(json) as string[]

/** @returns who to ask about a matter: its mediators, or who registered it. */
export function handlerText(row: MatterStateRow, names: ReadonlyMap<string, string>): string {
  const ids = idsOf(row.mediators)
  const handlers = ids.length > 0 ? ids : [row.registered_by]
  return handlers.flatMap((id) => names.get(id) ?? []).join('、')
}

/** Words in place of a story that the viewer may not know. */
export const askHandler = (handler: string): string =>
  `有既往事项，请问承办人${handler === '' ? '' : ` ${handler}`}`

/** @returns staff named in rows, by id. */
export function staffOf(db: ReadableDb, rows: readonly MatterStateRow[]): ReadonlyMap<string, string> {
  return staffNames(
    db,
    rows.flatMap((row) => [...idsOf(row.mediators), row.registered_by]),
  )
}

/** @returns rows as the contract has them. */
export function toMatterRows(
  db: ReadableDb,
  rows: readonly ListedMatter[],
  today: LocalDate,
): (row: ListedMatter) => MatterRow {
  const staff = staffOf(db, rows)
  const units = unitNames(
    db,
    rows.map((row) => row.org_unit_id),
  )
  return (row) => ({
    id: row.matter_id,
    number: row.number_text,
    title: row.told === 1 ? row.title : askHandler(handlerText(row, staff)),
    category: row.told === 1 ? row.dispute : '',
    parties: row.told === 1 ? partiesText(row.parties, today) : '',
    village: units.get(row.org_unit_id) ?? '',
    state: row.state,
    stateText: row.state_text,
    mediator: idsOf(row.mediators)
      .flatMap((id) => staff.get(id) ?? [])
      .join('、'),
    due: dueView(row.due_on, row.due_reason, today),
    registeredOn: row.registered_on,
    hasDifference: row.has_difference === 1,
  })
}

/** `王某、李四`: names of minors are hidden in every list. */
export function partiesText(json: string, today: LocalDate): string {
  const parties = JSON.parse(json) as PartyKey[]
  return parties.map((party) => listName(party.name, party.birthDate, today)).join('、')
}
