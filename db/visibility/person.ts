/** Who may know of a person on record. */
import { list, sql, type Sql } from '../sql'
import type { Viewer } from '../store'
import { matterVisible } from './matter'

/**
 * Refused are the viewer's own household and everybody who is here only because of matters refused to the viewer.
 * @param person SQL of the person's id
 * @returns a condition that is true for persons the viewer may know of
 */
export function personVisible(viewer: Viewer, person: Sql): Sql {
  const links = sql`SELECT matter_id FROM matter_party WHERE person_id = ${person} AND removed = 0
    UNION SELECT matter_id FROM visit WHERE person_id = ${person} AND removed = 0 AND matter_id IS NOT NULL`
  const seen = sql`SELECT 1 FROM matter_state seen WHERE seen.matter_id IN (${links})
    AND ${matterVisible(viewer, sql`seen`)}`
  return sql`(${person} NOT IN (SELECT person_id FROM person_key WHERE canonical_id IN ${list(viewer.deniedPersonIds)})
    AND (NOT EXISTS (${links}) OR EXISTS (${seen})))`
}
