import { checkIdNumber } from '../../../domain/rules/idNumber'
import type { Output, RawInput } from '../../../domain/contract/index'
import type { Wire } from '../../../domain/marks'

export type PersonOnRecord = Wire<Output<'person.get'>>

/** One row of 涉及对方: a person on record, or a name as it was said. */
export interface OpponentRow {
  personId: string | null
  name: string
  isUnit: boolean
}

/** The visitor's own fields: what is typed, or what the record of the picked person says. */
export interface VisitorFields {
  name: string
  idNumber: string
  idCheckReason: string
  phone: string
  orgUnitId: string | null
  address: string
}

/** What stands on the reception screen. Plain data, so that it can be kept as a draft. */
export interface VisitForm extends VisitorFields {
  /** Picked from 是不是这位; null: nobody on record yet. */
  personId: string | null
  /** Continued matter and its number, or null for a new one. */
  matterId: string | null
  matterNumber: string
  wanted: string
  description: string
  opponents: OpponentRow[]
  respondentUnitIds: string[]
  category: string
  place: string
  headCount: number
  channel: string
  way: string
  destinationUnitId: string | null
  /** What was answered on the spot. */
  reply: string
}

/** @returns an empty form; one blank opponent row waits for the first name. */
export function emptyVisit(): VisitForm {
  return {
    name: '',
    idNumber: '',
    idCheckReason: '',
    phone: '',
    orgUnitId: null,
    address: '',
    personId: null,
    matterId: null,
    matterNumber: '',
    wanted: '',
    description: '',
    opponents: [emptyOpponent()],
    respondentUnitIds: [],
    category: '',
    place: '',
    headCount: 1,
    channel: 'visit',
    way: '',
    destinationUnitId: null,
    reply: '',
  }
}

export const emptyOpponent = (): OpponentRow => ({ personId: null, name: '', isUnit: false })

/** What is missing, by field, in words. An empty list: it can be registered. */
export function visitProblems(
  form: VisitForm,
): readonly { readonly field: string; readonly message: string }[] {
  const problems: { field: string; message: string }[] = []
  if (form.personId === null && form.name.trim() === '') {
    problems.push({ field: 'name', message: '请填写来访人姓名；问一句话的事用“当场答复”，不用留名' })
  }
  if (form.wanted === '') problems.push({ field: 'wanted', message: '请选一项“想办什么”' })
  if (form.description.trim() === '')
    problems.push({ field: 'description', message: '请写下“说的什么事”，一句话也行' })
  const number = form.personId === null ? form.idNumber.trim() : ''
  if (number !== '' && form.idCheckReason.trim() === '' && !checkIdNumber(number).ok) {
    problems.push({ field: 'idCheckReason', message: '请再对一遍，或者说一下仍用这个号码的原因' })
  }
  if (!Number.isInteger(form.headCount) || form.headCount < 1) {
    problems.push({ field: 'headCount', message: '来访人数至少 1 人' })
  }
  return problems
}

/** Fields of the visitor's form that differ from the record: the patch of `person.save`. Masked values never go back. */
export function personChanges(
  form: VisitorFields,
  onRecord: PersonOnRecord,
): RawInput<'person.save'>['patch'] {
  const patch: RawInput<'person.save'>['patch'] = {}
  if (form.name.trim() !== '' && form.name !== onRecord.name) patch.name = form.name.trim()
  if (form.idNumber !== '' && form.idNumber !== onRecord.idNumber) {
    patch.idType = '111'
    patch.idNumber = form.idNumber
    patch.idCheckReason = form.idCheckReason
  }
  if (form.phone !== onRecord.phone) patch.phone = form.phone
  if (form.orgUnitId !== onRecord.orgUnitId) patch.orgUnitId = form.orgUnitId
  if (!onRecord.addressSecret && form.address !== onRecord.address) patch.address = form.address
  return patch
}

/** The visitor as `visit.register` wants him: a reference, or the typed fields that hold something. */
function personChoice(form: VisitForm): RawInput<'visit.register'>['patch']['person'] {
  if (form.personId !== null) return { id: form.personId }
  return {
    create: {
      name: form.name.trim(),
      ...(form.idNumber === '' ? {} : { idType: '111', idNumber: form.idNumber.trim() }),
      ...(form.idCheckReason === '' ? {} : { idCheckReason: form.idCheckReason }),
      ...(form.phone === '' ? {} : { phone: form.phone }),
      ...(form.orgUnitId === null ? {} : { orgUnitId: form.orgUnitId }),
      ...(form.address === '' ? {} : { address: form.address }),
    },
  }
}

/**
 * @param form the screen
 * @param call requestId of the form, the session's basis, and whether a person confirmed the terminal's date
 * @returns input of `visit.register`
 */
export function registerInput(
  form: VisitForm,
  call: { readonly requestId: string; readonly basis: number; readonly clockConfirmed: boolean },
): RawInput<'visit.register'> {
  const opponents = form.opponents
    .filter((row) => row.personId !== null || row.name.trim() !== '')
    .map((row) =>
      row.personId === null ? { name: row.name.trim(), isUnit: row.isUnit } : { personId: row.personId },
    )
  return {
    requestId: call.requestId,
    basis: call.basis,
    patch: {
      person: personChoice(form),
      matterId: form.matterId,
      channel: form.channel,
      headCount: form.headCount,
      wanted: form.wanted,
      description: form.description.trim(),
      opponents,
      respondentUnitIds: form.respondentUnitIds,
      category: form.category,
      place: form.place,
      orgUnitId: form.orgUnitId,
      way: form.way,
      destinationUnitId: form.destinationUnitId,
      reply: form.way === '' ? form.reply : '',
      clockConfirmed: call.clockConfirmed,
    },
  }
}
