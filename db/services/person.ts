/** People on record. */
import type { Input } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { checkIdNumber } from '../../domain/rules/idNumber'
import { checkPhone } from '../../domain/rules/phone'
import { cleanText, codeForm } from '../../domain/rules/text'
import { assertBasis } from '../replication/basis'
import { getRow, insertRow, patchRow } from '../rows'
import type { RowOf } from '../schema'
import { sql } from '../sql'
import type { Viewer, WriteTx } from '../store'
import { personVisible } from '../visibility/person'
import { requirePerson, requireUnit } from './guard'

type PersonPatch = Input<'person.save'>['patch']
type PersonRow = RowOf<'person'>

/** Resident identity card and the forms that share its check digit; other documents are taken as typed. */
const CHECKED_TYPES = new Set(['', '111'])

const EMPTY: PersonRow = {
  name: '',
  gender: '',
  birth_date: '',
  id_type: '',
  id_number: '',
  id_check_reason: '',
  phone: '',
  org_unit_id: null,
  address: '',
  address_secret: false,
  note: '',
  removed: false,
}

/** The document's fields belong together: they are stored and merged as one. */
function documentOf(patch: PersonPatch, before: PersonRow): Partial<PersonRow> {
  if (patch.idNumber === undefined && patch.idType === undefined && patch.idCheckReason === undefined)
    return {}
  const idType = patch.idType ?? before.id_type
  const typed = patch.idNumber ?? before.id_number
  const reason = cleanText(patch.idCheckReason ?? before.id_check_reason)
  if (typed === '') return { id_type: idType, id_number: '', id_check_reason: '' }
  if (!CHECKED_TYPES.has(idType)) {
    return { id_type: idType, id_number: codeForm(typed), id_check_reason: reason }
  }
  const checked = checkIdNumber(typed)
  if (!checked.ok && reason === '') {
    throw new AppError(
      'BAD_INPUT',
      `${checked.message}证件上确实如此的，请填写原因后照样保存。内容还在屏幕上。`,
      {
        field: 'idCheckReason',
      },
    )
  }
  const birth_date = before.birth_date === '' && patch.birthDate === undefined ? checked.birthDate : undefined
  const gender = before.gender === '' && patch.gender === undefined ? checked.gender : undefined
  return {
    id_type: '111',
    id_number: checked.text,
    id_check_reason: checked.ok ? '' : reason,
    ...(birth_date === undefined ? {} : { birth_date }),
    ...(gender === undefined ? {} : { gender }),
  }
}

function rowPatch(patch: PersonPatch, before: PersonRow): Partial<PersonRow> {
  return {
    ...(patch.name === undefined ? {} : { name: cleanText(patch.name) }),
    ...(patch.gender === undefined ? {} : { gender: patch.gender }),
    ...(patch.birthDate === undefined ? {} : { birth_date: patch.birthDate }),
    ...documentOf(patch, before),
    ...(patch.phone === undefined ? {} : { phone: checkPhone(patch.phone).text }),
    ...(patch.orgUnitId === undefined ? {} : { org_unit_id: patch.orgUnitId }),
    ...(patch.address === undefined ? {} : { address: cleanText(patch.address) }),
    ...(patch.addressSecret === undefined ? {} : { address_secret: patch.addressSecret }),
    ...(patch.note === undefined ? {} : { note: cleanText(patch.note) }),
  }
}

/** Two records with one document number are a mistake while somebody can still pick the first one. */
function requireNewDocument(tx: WriteTx, viewer: Viewer, idNumber: string): void {
  if (idNumber === '') return
  const known = tx.get(sql`SELECT 1 FROM person p WHERE p.id_number = ${idNumber} AND p.removed = 0
    AND ${personVisible(viewer, sql`p.id`)}`)
  if (known !== undefined) {
    throw new AppError(
      'BAD_INPUT',
      '这个证件号码已有登记，内容未保存。请在“是不是这位”里选择已有的人，再继续登记。',
      { field: 'idNumber' },
    )
  }
}

/** @returns the id of a new person. @throws AppError BAD_INPUT */
function createPerson(tx: WriteTx, viewer: Viewer, patch: PersonPatch): string {
  requireUnit(tx, patch.orgUnitId ?? null, 'orgUnitId')
  const row = { ...EMPTY, ...rowPatch(patch, EMPTY) }
  if (row.name === '') throw new AppError('BAD_INPUT', '请填写姓名，内容未保存。', { field: 'name' })
  requireNewDocument(tx, viewer, row.id_number)
  return insertRow(tx, 'person', row)
}

/** A person on record, or a new one: as forms choose. */
export function resolvePerson(
  tx: WriteTx,
  viewer: Viewer,
  choice: { readonly id: string } | { readonly create: PersonPatch },
): string {
  if ('create' in choice) return createPerson(tx, viewer, choice.create)
  requirePerson(tx, viewer, choice.id)
  return choice.id
}

/**
 * Makes or changes a person.
 * @throws AppError BAD_INPUT, NOT_FOUND, CHANGED_MEANWHILE
 */
export function savePerson(tx: WriteTx, viewer: Viewer, input: Input<'person.save'>): string {
  if (input.id === null) return createPerson(tx, viewer, input.patch)
  requirePerson(tx, viewer, input.id)
  requireUnit(tx, input.patch.orgUnitId ?? null, 'orgUnitId')
  const before = getRow(tx, 'person', input.id) ?? EMPTY
  const patch = rowPatch(input.patch, before)
  if (patch.name === '') throw new AppError('BAD_INPUT', '姓名不能清空，内容未保存。', { field: 'name' })
  assertBasis(tx, 'person', input.id, input.basis, patch)
  patchRow(tx, 'person', input.id, patch)
  return input.id
}
