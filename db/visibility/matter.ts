/**
 * Who may know of a matter (DESIGN.md sections 2 and 3, PRACTICE.md section 2). Joined by every query, before any limit.
 * All subqueries are uncorrelated: SQLite answers them once per query, not once per row.
 */
import { list, sql, type Sql } from '../sql'
import type { Viewer } from '../store'

/** Matters about a unit the viewer is responsible in: a complaint never reaches whom it is about. */
function aboutOwnUnit(viewer: Viewer): Sql {
  return sql`SELECT matter_id FROM matter_respondent_unit
    WHERE removed = 0 AND org_unit_id IN ${list(viewer.deniedUnitIds)}`
}

/** Matters in which the viewer, or somebody of the same household, is a party or a visitor. */
function aboutOwnPeople(viewer: Viewer): Sql {
  const persons = sql`SELECT person_id FROM person_key WHERE canonical_id IN ${list(viewer.deniedPersonIds)}`
  return sql`SELECT matter_id FROM matter_party WHERE removed = 0 AND person_id IN (${persons})
    UNION ALL SELECT matter_id FROM visit WHERE removed = 0 AND matter_id IS NOT NULL AND person_id IN (${persons})
    UNION ALL SELECT matter_id FROM matter_party WHERE removed = 0 AND phone <> ''
      AND phone IN (SELECT phone FROM staff WHERE id = ${viewer.staffId} AND phone <> '')`
}

/**
 * Those who work on it: assigned mediators, the clerk who registered it, the director. They alone see a secret matter,
 * and the title and story of a sensitive one.
 * @param state alias of `matter_state`
 */
export function isInsider(viewer: Viewer, state: Sql): Sql {
  if (viewer.post === 'director') return sql`1`
  return sql`(${state}.registered_by = ${viewer.staffId} OR ${state}.matter_id IN
    (SELECT matter_id FROM handling_mediator WHERE staff_id = ${viewer.staffId}))`
}

/**
 * True for matters the viewer need not keep out of (回避): neither a party, nor of a party's household, nor responsible
 * in a unit it is about.
 * @param state alias of `matter_state`
 */
export function notRecused(viewer: Viewer, state: Sql): Sql {
  const people = sql`${state}.matter_id NOT IN (${aboutOwnPeople(viewer)})`
  if (viewer.deniedUnitIds.length === 0) return people
  return sql`${people} AND ${state}.matter_id NOT IN (${aboutOwnUnit(viewer)})`
}

/**
 * @param state alias of `matter_state` in the query
 * @returns a condition that is true for matters the viewer may know of
 */
export function matterVisible(viewer: Viewer, state: Sql): Sql {
  return sql`(${notRecused(viewer, state)}
    AND (${state}.confidentiality <> 'secret' OR ${isInsider(viewer, state)}))`
}
