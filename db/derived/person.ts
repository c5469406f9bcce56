/** Canonical ids of merged persons. Aliases of all terminals meet here, so chains and circles must both end. */
import { phoneTail } from '../../domain/rules/phone'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'

export interface PersonKeyRow {
  readonly person_id: string
  readonly canonical_id: string
  readonly phone_tail: string
}

interface Alias {
  readonly from_id: string
  readonly to_id: string
}

const aliasesAt = (db: ReadableDb, personId: string): Alias[] => [
  ...db.all<Alias>(
    sql`SELECT from_id, to_id FROM person_alias WHERE from_id = ${personId} AND voided = 0 AND to_id <> from_id`,
  ),
  ...db.all<Alias>(
    sql`SELECT from_id, to_id FROM person_alias WHERE to_id = ${personId} AND voided = 0 AND to_id <> from_id`,
  ),
]

/** @returns everyone merged with this person, itself included, sorted. */
export function mergedWith(db: ReadableDb, personId: string): string[] {
  return component(db, personId).members
}

function component(db: ReadableDb, personId: string): { members: string[]; aliases: Alias[] } {
  const seen = new Set([personId])
  const aliases: Alias[] = []
  const queue = [personId]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const alias of aliasesAt(db, at)) {
      aliases.push(alias)
      for (const next of [alias.from_id, alias.to_id]) {
        if (!seen.has(next)) {
          seen.add(next)
          queue.push(next)
        }
      }
    }
  }
  return { members: [...seen].sort(), aliases }
}

/**
 * The one id that stands for a group of merged persons: who was merged into nobody; where aliases form a circle or two
 * merged apart, the smallest id of those left. A function of the set of aliases alone.
 */
export function canonicalOf(db: ReadableDb, personId: string): string {
  const { members, aliases } = component(db, personId)
  const mergedAway = new Set(aliases.map((alias) => alias.from_id))
  return members.find((id) => !mergedAway.has(id)) ?? members[0] ?? personId
}

/** @returns the key row of a person, or undefined when there is no such row. */
export function derivePerson(db: ReadableDb, personId: string): PersonKeyRow | undefined {
  const row = db.get<{ phone: string }>(sql`SELECT phone FROM person WHERE id = ${personId}`)
  if (row === undefined) return undefined
  return { person_id: personId, canonical_id: canonicalOf(db, personId), phone_tail: phoneTail(row.phone) }
}
