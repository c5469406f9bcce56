/** Mediators' pool, staff and units: who works here and where. */
import type { Input } from '../../domain/contract/index'
import { localDateOf } from '../../domain/clock'
import { AppError } from '../../domain/errors'
import { POSTS, type Post } from '../../domain/posts'
import { checkPhone } from '../../domain/rules/phone'
import { cleanText } from '../../domain/rules/text'
import { nameId } from '../ids'
import { assertBasis } from '../replication/basis'
import { insertRow, patchRow } from '../rows'
import { sql } from '../sql'
import type { WriteTx } from '../store'
import { requireStaff, requireUnit } from './guard'

/** Takes a staff member into the pool, or changes what is said of them there. @throws AppError */
export function savePoolMember(tx: WriteTx, input: Input<'pool.save'>): void {
  const { staffId, patch } = input
  requireStaff(tx, staffId, 'staffId')
  requireUnit(tx, patch.orgUnitId ?? null, 'orgUnitId')
  const known = tx.get<{ id: string }>(
    sql`SELECT id FROM mediator_profile WHERE staff_id = ${staffId} ORDER BY id LIMIT 1`,
  )
  const row = {
    ...(patch.fields === undefined ? {} : { fields: cleanText(patch.fields) }),
    ...(patch.orgUnitId === undefined ? {} : { org_unit_id: patch.orgUnitId }),
    ...(patch.active === undefined ? {} : { active: patch.active }),
  }
  if (known === undefined) {
    const empty = { staff_id: staffId, org_unit_id: null, fields: '', active: true }
    // The same id on every terminal: two who add the same person at once make one row.
    insertRow(tx, 'mediator_profile', { ...empty, ...row }, nameId('mediator_profile', staffId))
    return
  }
  assertBasis(tx, 'mediator_profile', known.id, input.basis, row)
  patchRow(tx, 'mediator_profile', known.id, row)
}

function requirePost(post: string): asserts post is Post {
  if (!(POSTS as readonly string[]).includes(post)) {
    throw new AppError('BAD_INPUT', '没有这个岗位，没有改动。请重新选择。', { field: 'post' })
  }
}

/** A centre without an administrator could never get one again. */
function requireOtherAdministrator(tx: WriteTx, staffId: string): void {
  const other = tx.get(sql`SELECT 1 FROM staff_post p JOIN staff s ON s.id = p.staff_id
    WHERE p.post = 'administrator' AND p.active = 1 AND s.active = 1 AND s.id <> ${staffId}`)
  const own = tx.get(sql`SELECT 1 FROM staff_post
    WHERE staff_id = ${staffId} AND post = 'administrator' AND active = 1`)
  if (own !== undefined && other === undefined) {
    throw new AppError('STEP_NOT_ALLOWED', '这是最后一位系统管理员，不能停用，没有改动。请先安排另一位。')
  }
}

/** Gives or withdraws a post. No post replaces a grant. @throws AppError BAD_INPUT, STEP_NOT_ALLOWED */
export function setPost(tx: WriteTx, input: Input<'staff.set_post'>): void {
  const { post, active } = input.patch
  requirePost(post)
  requireStaff(tx, input.staffId, 'staffId')
  if (!active && post === 'administrator') requireOtherAdministrator(tx, input.staffId)
  const rows = tx.all<{ id: string; active: number }>(
    sql`SELECT id, active FROM staff_post WHERE staff_id = ${input.staffId} AND post = ${post} ORDER BY id`,
  )
  if (active && !rows.some((row) => row.active === 1)) {
    // A new row each time: changes name the row that gave the post, and a withdrawn one stays withdrawn.
    insertRow(tx, 'staff_post', { staff_id: input.staffId, post, org_unit_id: null, active: true })
    return
  }
  for (const row of rows) {
    if (active || row.active === 0) continue
    assertBasis(tx, 'staff_post', row.id, input.basis, { active })
    patchRow(tx, 'staff_post', row.id, { active })
  }
}

/** @throws AppError BAD_INPUT, STEP_NOT_ALLOWED, CHANGED_MEANWHILE */
export function editStaff(tx: WriteTx, input: Input<'staff.edit'>): void {
  const { name, phone, active } = input.patch
  requireStaff(tx, input.staffId, 'staffId')
  if (active === false) requireOtherAdministrator(tx, input.staffId)
  const row = {
    ...(name === undefined ? {} : { name: cleanText(name) }),
    ...(phone === undefined ? {} : { phone: checkPhone(phone).text }),
    ...(active === undefined ? {} : { active }),
  }
  assertBasis(tx, 'staff', input.staffId, input.basis, row)
  patchRow(tx, 'staff', input.staffId, row)
}

/** Makes or changes a unit. @throws AppError BAD_INPUT, NOT_FOUND, CHANGED_MEANWHILE */
export function saveUnit(tx: WriteTx, input: Input<'unit.save'>): string {
  const { patch } = input
  requireUnit(tx, patch.parentId ?? null, 'parentId')
  const row = {
    ...(patch.name === undefined ? {} : { name: cleanText(patch.name) }),
    ...(patch.kind === undefined ? {} : { unit_kind: patch.kind }),
    ...(patch.parentId === undefined ? {} : { parent_id: patch.parentId }),
    ...(patch.code === undefined ? {} : { code: cleanText(patch.code) }),
    ...(patch.contactPerson === undefined ? {} : { contact_person: cleanText(patch.contactPerson) }),
    ...(patch.contactPhone === undefined ? {} : { contact_phone: checkPhone(patch.contactPhone).text }),
  }
  if (input.id !== null) {
    if (row.parent_id === input.id) {
      throw new AppError('BAD_INPUT', '单位的上级不能是它自己，内容未保存。', { field: 'parentId' })
    }
    assertBasis(tx, 'org_unit', input.id, input.basis, row)
    patchRow(tx, 'org_unit', input.id, row)
    return input.id
  }
  if ((row.name ?? '') === '')
    throw new AppError('BAD_INPUT', '请填写单位名称，内容未保存。', { field: 'name' })
  return insertRow(tx, 'org_unit', {
    name: '',
    unit_kind: 'department',
    parent_id: null,
    code: '',
    contact_person: '',
    contact_phone: '',
    valid_from: localDateOf(tx.now),
    valid_to: '',
    removed: false,
    ...row,
  })
}
