import type { RawInput } from '../../../domain/contract/index'
import type { Matter } from '../../components/work/course/step'

export type Party = Matter['parties'][number]
export type PartyPatch = RawInput<'matter.save_party'>['patch']
export interface PartyFields {
  personId: string | null
  name: string
  isUnit: boolean
  role: string
  phone: string
  address: string
  addressSecret: boolean
}
export const PARTY_LABELS: Readonly<Record<string, string>> = {
  name: '姓名或名称',
  isUnit: '是单位',
  role: '身份',
  phone: '电话',
  address: '住址',
  addressSecret: '住址保密',
}

/** @returns the form's fields for a party as it was read, or empty ones for a new party. */
export function partyFields(party: Party | null): PartyFields {
  if (party === null) {
    return {
      personId: null,
      name: '',
      isUnit: false,
      role: 'respondent',
      phone: '',
      address: '',
      addressSecret: false,
    }
  }
  const { personId, name, isUnit, role, phone, address } = party
  return { personId, name, isUnit, role, phone, address, addressSecret: false }
}

/** @returns only what the person changed; masked text that was left as it is never goes back. */
export function partyPatch(before: PartyFields, after: PartyFields): PartyPatch {
  const patch: PartyPatch = {}
  if (after.personId !== before.personId) patch.personId = after.personId
  if (after.personId === null && after.name.trim() !== before.name) patch.name = after.name.trim()
  if (after.isUnit !== before.isUnit) patch.isUnit = after.isUnit
  if (after.role !== before.role) patch.role = after.role as NonNullable<PartyPatch['role']>
  if (after.phone !== before.phone) patch.phone = after.phone
  if (after.address !== before.address) patch.address = after.address
  if (after.addressSecret !== before.addressSecret) patch.addressSecret = after.addressSecret
  return patch
}
