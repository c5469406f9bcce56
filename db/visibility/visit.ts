/** Who may know of a visit. */
import { list, sql, type Sql } from '../sql'
import type { Viewer } from '../store'
import { matterVisible } from './matter'

/**
 * A visit is as visible as its matter; one without a matter, as its visitor. A matter that has not arrived yet hides
 * its visits: nobody can say whose complaint it is.
 * @param visit alias of `visit` in the query
 */
export function visitVisible(viewer: Viewer, visit: Sql): Sql {
  return sql`(${visit}.removed = 0
    AND COALESCE(${visit}.person_id, '') NOT IN
      (SELECT person_id FROM person_key WHERE canonical_id IN ${list(viewer.deniedPersonIds)})
    AND (${visit}.matter_id IS NULL OR EXISTS (SELECT 1 FROM matter_state shown
      WHERE shown.matter_id = ${visit}.matter_id AND ${matterVisible(viewer, sql`shown`)})))`
}
