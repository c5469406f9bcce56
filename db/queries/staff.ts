/** Staff, units, grants, this terminal: what administration shows. */
import { dirname } from 'node:path'
import { CONFIDENTIAL_COMPARTMENTS, type Compartment } from '../../domain/compartments'
import type { Output } from '../../domain/contract/index'
import { POST_NAMES, POSTS, type Post } from '../../domain/posts'
import { grantLinks, holdersOf } from '../accounts/grants'
import type { ReadableDb } from '../handle'
import { wordsFor } from '../joining/request'
import { readKeysFile } from '../keys/file'
import { applyCounter } from '../replication/basis'
import { sql } from '../sql'
import type { Store } from '../store'
import { staffNames } from '../visibility/viewer'
import { centreOf, NOT_ARRIVED } from './names'

const isPost = (text: string): text is Post => (POSTS as readonly string[]).includes(text)

/** @returns everybody who works here, with the posts held now. */
export function listStaff(db: ReadableDb): Output<'staff.list'> {
  const basis = applyCounter(db)
  const posts = db.all<{ id: string; staff_id: string; post: string }>(
    sql`SELECT id, staff_id, post FROM staff_post WHERE active = 1 ORDER BY id`,
  )
  return db
    .all<{ id: string; name: string; account: string; phone: string; active: number }>(
      sql`SELECT id, name, account, phone, active FROM staff ORDER BY active DESC, name, id`,
    )
    .map((row) => ({
      ...row,
      active: row.active === 1,
      // A post of a newer version has no name here yet.
      posts: posts.flatMap(({ id, staff_id, post }) =>
        staff_id === row.id && isPost(post) ? [{ postRowId: id, post, name: POST_NAMES[post] }] : [],
      ),
      basis,
    }))
}

/** @returns grants that an unbroken chain reaches; others are not grants. */
export function listGrants(base: Store): Output<'grant.list'> {
  const keys = readKeysFile(dirname(base.file))
  return CONFIDENTIAL_COMPARTMENTS.flatMap((compartment) => {
    const links = grantLinks(base.db, compartment)
    const holders = holdersOf(base, compartment)
    const here = new Set(
      keys.compartments[compartment].generations[0]?.slots.map((slot) => slot.holder) ?? [],
    )
    const names = staffNames(
      base.db,
      links.flatMap((link) => [link.staff_id, link.given_by]),
    )
    return holders.map(({ staffId, fingerprint }) => {
      const link = links.find((one) => one.staff_id === staffId && one.fingerprint === fingerprint)
      const giver = link?.given_by ?? ''
      return {
        compartment,
        staffId,
        staffName: names.get(staffId) ?? NOT_ARRIVED,
        givenBy: giver === 'recovery' ? '恢复单' : (names.get(giver) ?? NOT_ARRIVED),
        keyHere: here.has(staffId),
      }
    })
  })
}

/** @returns all units in use, in the order of the tree's names. */
export function listUnits(db: ReadableDb): Output<'unit.list'> {
  const basis = applyCounter(db)
  return db
    .all<{
      id: string
      name: string
      unit_kind: string
      parent_id: string | null
      code: string
      contact_person: string
      contact_phone: string
    }>(
      sql`SELECT id, name, unit_kind, parent_id, code, contact_person, contact_phone FROM org_unit
        WHERE removed = 0 ORDER BY code, name, id`,
    )
    .map((row) => ({
      id: row.id,
      name: row.name,
      kind: row.unit_kind,
      parentId: row.parent_id,
      code: row.code,
      contactPerson: row.contact_person,
      contactPhone: row.contact_phone,
      basis,
    }))
}

/** 终端名片: this terminal and the replicas the session holds open. */
export function terminalIdentity(
  base: Store,
  stores: ReadonlyMap<Compartment, Store>,
): Output<'exchange.identity'> {
  const terminal = base.db.get<{ number: string; name: string; sign_public: string; box_public: string }>(
    sql`SELECT number, name, sign_public, box_public FROM terminal
      WHERE id = (SELECT value FROM meta WHERE name = 'terminal_id')`,
  )
  const keys = `${terminal?.sign_public ?? ''}|${terminal?.box_public ?? ''}`
  return {
    centreName: centreOf(base.db).name,
    terminalNumber: base.terminalNumber,
    terminalName: terminal?.name ?? '',
    words: terminal === undefined ? '' : wordsFor(Buffer.from(keys, 'utf8')),
    replicas: [...stores.values()].map((store) => ({
      compartment: store.compartment,
      replica: store.replica,
    })),
  }
}
