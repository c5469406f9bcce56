/** Handlings (办理) of a matter: how they begin. */
import { localDateOf } from '../../domain/clock'
import { WAYS } from '../../domain/codes/ways'
import type { Input } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { courseOf, handlingRegister, ownRegister } from '../derived/course'
import { insertRow } from '../rows'
import { list, sql } from '../sql'
import type { Viewer, WriteTx } from '../store'
import { unitFamily } from '../visibility/viewer'
import { insertEvent, withDue, type Step } from './course'
import { requireMatter, requireUnit } from './guard'

/**
 * A handling and the event that opens it, with the deadline for the decision to accept.
 * @param opening `on`: civil date; `by`: 代录, null for the viewer's own act
 * @throws AppError BAD_INPUT, STEP_NOT_ALLOWED when the unit is what the matter is about
 */
export function startHandling(
  tx: WriteTx,
  viewer: Viewer,
  opening: {
    readonly matterId: string
    readonly way: string
    readonly unitId: string | null
    readonly on: string
    readonly by: string | null
  },
): string {
  const { matterId, way, unitId, on } = opening
  const known =
    WAYS.some((one) => one.code === way) ||
    tx.get(sql`SELECT 1 FROM code_item WHERE system = 'way' AND code = ${way} AND active = 1`) !== undefined
  if (!known) throw new AppError('BAD_INPUT', '没有这种办理方式，内容未保存。请重新选择。', { field: 'way' })
  requireUnit(tx, unitId, 'orgUnitId')
  requireNotAboutUnit(tx, matterId, unitId)
  const handlingId = insertRow(tx, 'handling', {
    matter_id: matterId,
    way,
    org_unit_id: unitId,
    opened_on: on,
  })
  const step: Step = {
    matterId,
    handlingId,
    kind: 'opened',
    parents: [],
    data: {},
    happenedOn: on,
    actedBy: opening.by,
  }
  insertEvent(tx, viewer, { ...step, data: withDue(tx, handlingRegister([], handlingId), step, {}) })
  return handlingId
}

/** A complaint never reaches whom it is about, nor the units they belong to. */
function requireNotAboutUnit(tx: WriteTx, matterId: string, unitId: string | null): void {
  if (unitId === null) return
  const about = tx.get(sql`SELECT 1 FROM matter_respondent_unit WHERE matter_id = ${matterId} AND removed = 0
    AND org_unit_id IN ${list(unitFamily(tx, unitId))}`)
  if (about !== undefined) {
    throw new AppError(
      'STEP_NOT_ALLOWED',
      '这件事反映的正是这个单位，不能交给它办理，内容未保存。请另选单位。',
      {
        field: 'orgUnitId',
      },
    )
  }
}

/** @throws AppError NOT_FOUND, BAD_INPUT, STEP_NOT_ALLOWED */
export function openHandling(tx: WriteTx, viewer: Viewer, input: Input<'handling.open'>): string {
  requireMatter(tx, viewer, input.matterId)
  const own = ownRegister(courseOf(tx, input.matterId))
  if (own.state === 'void' || own.state === 'archived') {
    throw new AppError('STEP_NOT_ALLOWED', `这件事项${own.stateText}，不能新增办理。内容未保存。`)
  }
  const { way, orgUnitId } = input.patch
  return startHandling(tx, viewer, {
    matterId: input.matterId,
    way,
    unitId: orgUnitId,
    on: localDateOf(tx.now),
    by: null,
  })
}
