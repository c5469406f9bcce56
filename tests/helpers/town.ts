/** A small invented town in real encrypted files, with people who act through the production services. */
import { ROUTES, type Input, type RawInput } from '../../domain/contract'
import type { Post } from '../../domain/posts'
import type { UnlockedAccount } from '../../db/keys/account'
import { insertRow, patchRow } from '../../db/rows'
import { registerVisit } from '../../db/services/visit'
import { steerCourse } from '../../db/services/course'
import { courseOf, handlingRegister } from '../../db/derived/course'
import { sql } from '../../db/sql'
import type { Actor, Viewer, WriteTx } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { viewerOf } from '../../db/visibility/viewer'
import { actorOf, createTestCentre, type TestCentre } from './store'

export interface Person {
  readonly staffId: string
  readonly account: UnlockedAccount
  readonly actor: Actor
  /** As the session of this person finds it now. */
  viewer(): Viewer
  /** One transaction of base. */
  write<T>(work: (tx: WriteTx, viewer: Viewer) => T): T
}
export interface Town extends TestCentre {
  readonly villageId: string
  readonly committeeId: string
  readonly otherVillageId: string
  staff(account: string, post: Post, more?: { phone?: string; orgUnitId?: string }): Person
  unit(name: string, kind: string, parentId?: string): string
  /** Registers a visit; only what matters to the test is given. */
  register(who: Person, patch: Partial<RawInput<'visit.register'>['patch']>): Registered
  /** A steering step on the heads as they are. */
  steer(who: Person, matterId: string, handlingId: string | null, kind: string, data?: object): string
  handlingOf(matterId: string): string
}
export type Registered = ReturnType<typeof registerVisit>

let counter = 0
/** Different for every form, as windows make them. */
export const requestId = (): string => `request-${(counter += 1).toString().padStart(6, '0')}`

/** Parses an input as the router does, so that defaults are the contract's. */
export function parsed<R extends keyof typeof ROUTES>(route: R, raw: RawInput<R>): Input<R> {
  return ROUTES[route].input.parse(raw) as Input<R>
}

export function createTown(seed = 'town'): Town {
  const centre = createTestCentre({ seed })
  const { base, adminActor } = centre
  const unit = (name: string, kind: string, parentId?: string): string =>
    writeTx(base, adminActor, (tx) =>
      insertRow(tx, 'org_unit', {
        name,
        unit_kind: kind,
        parent_id: parentId ?? null,
        code: '',
        contact_person: '',
        contact_phone: '',
        valid_from: '2026-01-01',
        valid_to: '',
        removed: false,
      }),
    )
  const villageId = unit('石埠村', 'village')
  const committeeId = unit('石埠村调委会', 'committee', villageId)
  const otherVillageId = unit('河口村', 'village')

  const staff: Town['staff'] = (account, post, more = {}) => {
    const { account: unlocked } = centre.addStaff(account, [post])
    const { staffId } = unlocked
    writeTx(base, adminActor, (tx) => {
      patchRow(tx, 'staff', staffId, { phone: more.phone ?? '', org_unit_id: more.orgUnitId ?? null })
    })
    const actor = actorOf(base, unlocked, post)
    const viewer = (): Viewer => viewerOf(base.db, { staffId, post, unitId: null })
    return {
      staffId,
      account: unlocked,
      actor,
      viewer,
      write: (work) => writeTx(base, actor, (tx) => work(tx, viewer())),
    }
  }
  return {
    ...centre,
    villageId,
    committeeId,
    otherVillageId,
    unit,
    staff,
    register: (who, patch) =>
      who.write((tx, viewer) =>
        registerVisit(
          tx,
          viewer,
          parsed('visit.register', {
            requestId: requestId(),
            basis: 0,
            patch: {
              person: { create: { name: '陈大山' } },
              wanted: '纠纷调解',
              description: '屋后排水沟被堵',
              way: 'people_mediation',
              ...patch,
            },
          }),
        ),
      ),
    steer: (who, matterId, handlingId, kind, data = {}) =>
      who.write((tx, viewer) =>
        steerCourse(tx, viewer, {
          requestId: requestId(),
          matterId,
          handlingId,
          basis: handlingId === null ? [] : [...handlingRegister(courseOf(tx, matterId), handlingId).heads],
          patch: { kind, happenedOn: '2026-03-02', actedBy: null, data: data as Record<string, unknown> },
        }),
      ),
    handlingOf: (matterId) =>
      base.db.get<{ id: string }>(sql`SELECT id FROM handling WHERE matter_id = ${matterId} ORDER BY id DESC`)
        ?.id ?? '',
  }
}
