/** Who may touch what, before anything is written. The same words for missing and refused: existence is told to nobody. */
import { AppError } from '../../domain/errors'
import type { ReadableDb } from '../handle'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { matterVisible } from '../visibility/matter'
import { personVisible } from '../visibility/person'

/** @throws AppError NOT_FOUND when the matter is not here or refused to the viewer */
export function requireMatter(db: ReadableDb, viewer: Viewer, matterId: string): void {
  const found = db.get(sql`SELECT 1 FROM matter_state s WHERE s.matter_id = ${matterId}
    AND ${matterVisible(viewer, sql`s`)}`)
  if (found === undefined) {
    throw new AppError('NOT_FOUND', '没有找到这件事项：可能尚未收到，或者您需要回避。没有改动任何内容。')
  }
}

/** @throws AppError NOT_FOUND when the person is not here or refused to the viewer */
export function requirePerson(db: ReadableDb, viewer: Viewer, personId: string): void {
  const found = db.get(sql`SELECT 1 FROM person p WHERE p.id = ${personId} AND p.removed = 0
    AND ${personVisible(viewer, sql`p.id`)}`)
  if (found === undefined) {
    throw new AppError('NOT_FOUND', '没有找到这个人：可能尚未收到，或者您需要回避。没有改动任何内容。')
  }
}

/** @throws AppError BAD_INPUT when a staff member named in a form is unknown */
export function requireStaff(db: ReadableDb, staffId: string | null, field: string): void {
  if (staffId === null) return
  if (db.get(sql`SELECT 1 FROM staff WHERE id = ${staffId}`) === undefined) {
    throw new AppError('BAD_INPUT', '没有找到所选的工作人员，内容未保存。请重新选择。', { field })
  }
}

/** @throws AppError BAD_INPUT when a unit named in a form is unknown */
export function requireUnit(db: ReadableDb, unitId: string | null, field: string): void {
  if (unitId === null) return
  if (db.get(sql`SELECT 1 FROM org_unit WHERE id = ${unitId} AND removed = 0`) === undefined) {
    throw new AppError('BAD_INPUT', '没有找到所选的单位，内容未保存。请重新选择。', { field })
  }
}
