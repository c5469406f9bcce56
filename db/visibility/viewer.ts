/** Who looks: found once per call, so that every predicate is plain SQL over ids. */
import type { Post } from '../../domain/posts'
import type { ReadableDb } from '../handle'
import { list, sql } from '../sql'
import type { Viewer } from '../store'

/** Units that are one family with the village they belong to: the village's people are the committee's people too. */
const FAMILY_KINDS = new Set(['village', 'community', 'grid', 'committee', 'studio'])

interface UnitLink {
  readonly id: string
  readonly parent_id: string | null
  readonly unit_kind: string
}

/**
 * A unit and whoever belongs to it: everything below it; for a village, community, committee or grid the whole village.
 * The town above is left out: otherwise a complaint about the town hall could be handled by nobody.
 */
function familyOf(unitId: string, units: readonly UnitLink[]): string[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const belongs = (unit: UnitLink | undefined): boolean =>
    unit !== undefined && FAMILY_KINDS.has(unit.unit_kind)
  let top = unitId
  // Bounded by the number of units: merged data may hold a circle.
  for (let step = 0; step < units.length; step += 1) {
    const parent = byId.get(byId.get(top)?.parent_id ?? '')
    if (!belongs(byId.get(top)) || parent === undefined || !belongs(parent)) break
    top = parent.id
  }
  // A town has the villages below it, but its staff are not responsible in them.
  const kind = byId.get(top)?.unit_kind
  if (kind === 'town' || kind === 'district') return [unitId]
  const family = new Set([top, unitId])
  for (let size = 0; size !== family.size;) {
    size = family.size
    for (const unit of units) if (unit.parent_id !== null && family.has(unit.parent_id)) family.add(unit.id)
  }
  return [...family]
}

const allUnits = (db: ReadableDb): UnitLink[] =>
  db.all<UnitLink>(sql`SELECT id, parent_id, unit_kind FROM org_unit WHERE removed = 0`)

/** @returns the unit and whoever belongs to it (see `familyOf`). */
export function unitFamily(db: ReadableDb, unitId: string): string[] {
  return familyOf(unitId, allUnits(db))
}

/** Persons on record with the staff member's own telephone, and who lives with them (same village, same address). */
function householdOf(db: ReadableDb, phone: string): string[] {
  if (phone === '') return []
  const own = db.all<{ canonical_id: string; org_unit_id: string | null; address: string }>(
    sql`SELECT k.canonical_id, p.org_unit_id, p.address FROM person p JOIN person_key k ON k.person_id = p.id
      WHERE p.phone = ${phone}`,
  )
  const home = own.flatMap((one) =>
    one.address === '' || one.org_unit_id === null
      ? []
      : db.all<{ canonical_id: string }>(
          sql`SELECT k.canonical_id FROM person p JOIN person_key k ON k.person_id = p.id
            WHERE p.org_unit_id = ${one.org_unit_id} AND p.address = ${one.address}`,
        ),
  )
  return [...new Set([...own, ...home].map((one) => one.canonical_id))]
}

/**
 * @param db base compartment
 * @param who staff member with the post and unit acted in
 * @returns the viewer with the persons (canonical ids) and units whose matters are refused
 */
export function viewerOf(
  db: ReadableDb,
  who: { readonly staffId: string; readonly post: Post; readonly unitId: string | null },
): Viewer {
  const staff = db.get<{ phone: string; org_unit_id: string | null }>(
    sql`SELECT phone, org_unit_id FROM staff WHERE id = ${who.staffId}`,
  )
  const posts = db.all<{ org_unit_id: string | null }>(
    sql`SELECT org_unit_id FROM staff_post WHERE staff_id = ${who.staffId} AND active = 1`,
  )
  const profiles = db.all<{ org_unit_id: string | null }>(
    sql`SELECT org_unit_id FROM mediator_profile WHERE staff_id = ${who.staffId} AND active = 1`,
  )
  const own = new Set(
    [who.unitId, staff?.org_unit_id, ...[...posts, ...profiles].map((row) => row.org_unit_id)].filter(
      (id): id is string => typeof id === 'string',
    ),
  )
  const units = own.size === 0 ? [] : allUnits(db)
  return {
    staffId: who.staffId,
    post: who.post,
    unitId: who.unitId,
    deniedPersonIds: householdOf(db, staff?.phone ?? ''),
    deniedUnitIds: [...new Set([...own].flatMap((id) => familyOf(id, units)))].sort(),
  }
}

/** @returns names of staff by id, for rows that show who acted. */
export function staffNames(db: ReadableDb, ids: readonly (string | null)[]): ReadonlyMap<string, string> {
  const wanted = [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))]
  if (wanted.length === 0) return new Map()
  const rows = db.all<{ id: string; name: string }>(
    sql`SELECT id, name FROM staff WHERE id IN ${list(wanted)}`,
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}
