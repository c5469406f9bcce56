import type { RawInput } from '../../../domain/contract/index'
import type { Unit } from '../../components/work/lists'

type UnitPatch = RawInput<'unit.save'>['patch']
export interface UnitFields {
  name: string
  kind: string
  parentId: string | null
  code: string
  contactPerson: string
  contactPhone: string
}
export const UNIT_LABELS: Readonly<Record<string, string>> = {
  name: '名称',
  kind: '类别',
  parentId: '上级单位',
  code: '代码',
  contactPerson: '联系人',
  contactPhone: '联系电话',
}
export const emptyUnit = (): UnitFields => ({
  name: '',
  kind: 'village',
  parentId: null,
  code: '',
  contactPerson: '',
  contactPhone: '',
})
export const unitFields = ({
  name,
  kind,
  parentId,
  code,
  contactPerson,
  contactPhone,
}: Unit): UnitFields => ({
  name,
  kind,
  parentId,
  code,
  contactPerson,
  contactPhone,
})

/** @returns only what the person changed; everything that is filled in for a new unit. */
export function unitPatch(before: UnitFields | null, after: UnitFields): UnitPatch {
  const patch: UnitPatch = {}
  const old = before ?? { ...emptyUnit(), kind: '' }
  if (after.name.trim() !== old.name) patch.name = after.name.trim()
  if (after.kind !== old.kind) patch.kind = after.kind
  if (after.parentId !== old.parentId) patch.parentId = after.parentId
  if (after.code !== old.code) patch.code = after.code
  if (after.contactPerson !== old.contactPerson) patch.contactPerson = after.contactPerson
  if (after.contactPhone !== old.contactPhone) patch.contactPhone = after.contactPhone
  return patch
}
