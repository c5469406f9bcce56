/** 回避: who may not take a case. One rule with what is refused to see. */
import { AppError } from '../../domain/errors'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import { notRecused } from '../visibility/matter'
import { staffNames, viewerOf } from '../visibility/viewer'

/** @returns whether a staff member has to keep out of a matter */
export function isRecused(db: ReadableDb, matterId: string, staffId: string): boolean {
  const viewer = viewerOf(db, { staffId, post: 'mediator', unitId: null })
  const free = db.get(
    sql`SELECT 1 FROM matter_state s WHERE s.matter_id = ${matterId} AND ${notRecused(viewer, sql`s`)}`,
  )
  return free === undefined
}

/** @throws AppError BAD_INPUT for who is not in the pool, STEP_NOT_ALLOWED for who has to keep out */
export function requireNotRecused(db: ReadableDb, matterId: string, staffIds: readonly string[]): void {
  const names = staffNames(db, staffIds)
  for (const id of staffIds) {
    const inPool = db.get(sql`SELECT 1 FROM staff s WHERE s.id = ${id} AND s.active = 1 AND (
      EXISTS (SELECT 1 FROM mediator_profile m WHERE m.staff_id = s.id AND m.active = 1) OR
      EXISTS (SELECT 1 FROM staff_post p WHERE p.staff_id = s.id AND p.active = 1 AND p.post = 'mediator'))`)
    if (inPool === undefined) {
      throw new AppError('BAD_INPUT', '所选人员不在调解员库，内容未保存。请重新选择。', {
        field: 'mediatorIds',
      })
    }
    if (isRecused(db, matterId, id)) {
      throw new AppError(
        'STEP_NOT_ALLOWED',
        `${names.get(id) ?? '所选人员'}与本件当事人或涉及单位有关联，应当回避，内容未保存。请另选调解员。`,
        { field: 'mediatorIds' },
      )
    }
  }
}
