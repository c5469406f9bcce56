/**
 * What the application ships: code lists and the town by its area code. UUIDv5 ids from natural keys, not captured, so
 * that terminals set up apart agree (DESIGN.md section 3).
 */
import { SHIPPED_CODES } from '../../domain/codes/shipped'
import { nameId } from '../ids'
import { sha256Hex } from '../keys/encoding'
import { sql } from '../sql'
import type { Store } from '../store'

export interface SeedTown {
  /** 12 digits. */
  readonly areaCode: string
  /** As the founder typed the centre's name: every terminal must seed the same row. */
  readonly centreName: string
  /** YYYY-MM-DD of the founding. */
  readonly foundedOn: string
}

/** @returns the id of the centre's own town or street unit. */
export const townUnitId = (areaCode: string): string => nameId('area', areaCode)

/** 青石镇矛调中心 → 青石镇; a name without one stays whole. */
const townName = (centreName: string): string => /^.*?(?:镇|乡|街道)/.exec(centreName)?.[0] ?? centreName

/** Adds the shipped rows that are not there yet; rows that a town has changed since stay as they are. */
export function seedShipped(base: Store, town: SeedTown): void {
  const { connection, db, centreId } = base
  connection.transaction(() => {
    db.run(sql`UPDATE capture_context SET applying = 1`)
    for (const item of SHIPPED_CODES) {
      db.run(sql`INSERT OR IGNORE INTO code_item (id, org_id, system, code, name, parent, external, sort, active)
        VALUES (${nameId('code', item.system, item.code)}, ${centreId}, ${item.system}, ${item.code}, ${item.name},
          ${item.parent}, ${item.external}, ${item.sort}, 1)`)
    }
    db.run(sql`INSERT OR IGNORE INTO org_unit
      (id, org_id, name, unit_kind, parent_id, code, contact_person, contact_phone, valid_from, valid_to, removed)
      VALUES (${townUnitId(town.areaCode)}, ${centreId}, ${townName(town.centreName)}, 'town', NULL, ${town.areaCode},
        '', '', ${town.foundedOn}, '', 0)`)
    db.run(sql`INSERT INTO meta (name, value) VALUES ('shipped', ${STAMP})
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
    db.run(sql`UPDATE capture_context SET applying = 0`)
  })()
}

/** Kept beside the data, so that later versions seed what they add under the same names. */
export function rememberTown(base: Store, town: SeedTown): void {
  base.db.run(sql`INSERT INTO meta (name, value) VALUES ('town', ${JSON.stringify(town)})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

/** @returns what was remembered at the founding or joining; undefined in a file that has no centre. */
export function townOf(base: Store): SeedTown | undefined {
  const row = base.db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'town'`)
  return row === undefined ? undefined : (JSON.parse(row.value) as SeedTown)
}

const STAMP = sha256Hex(JSON.stringify(SHIPPED_CODES))

/** Called at every opening: a new version of the program brings its own codes. */
export function ensureShipped(base: Store): void {
  const town = townOf(base)
  const stamp = base.db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = 'shipped'`)
  if (town === undefined || stamp?.value === STAMP) return
  seedShipped(base, town)
}
