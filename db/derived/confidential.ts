/** State rows of the confidential lists. */
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import { numberOf } from './matter'

export interface ReferralStateRow {
  readonly referral_id: string
  readonly number_text: string
  readonly state: string
  readonly sent_at: number
}
export interface RosterStateRow {
  readonly entry_id: string
  readonly number_text: string
  readonly category: string
  readonly review_on: string
  readonly next_visit_on: string
}

/** @returns the state row, or undefined when the row is gone or removed. */
export function deriveReferral(db: ReadableDb, id: string): ReferralStateRow | undefined {
  const row = db.get<{ state: string; sent_at: number }>(
    sql`SELECT state, sent_at FROM referral WHERE id = ${id} AND removed = 0`,
  )
  return row && { referral_id: id, number_text: numberOf(db, 'referral', id), ...row }
}

/** @returns the state row, or undefined when the row is gone or removed. */
export function deriveRosterEntry(db: ReadableDb, id: string): RosterStateRow | undefined {
  const row = db.get<Omit<RosterStateRow, 'entry_id' | 'number_text'>>(
    sql`SELECT category, review_on, next_visit_on FROM roster_entry WHERE id = ${id} AND removed = 0`,
  )
  return row && { entry_id: id, number_text: numberOf(db, 'roster_entry', id), ...row }
}
