/** Facts of a matter: its fields, parties and the units it is about. */
import type { Input } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { checkPhone } from '../../domain/rules/phone'
import { cleanText } from '../../domain/rules/text'
import { applyCounter, assertBasis } from '../replication/basis'
import { getRow, insertRow, patchRow } from '../rows'
import type { RowOf } from '../schema'
import { sql } from '../sql'
import type { Viewer, WriteTx } from '../store'
import { isInsider } from '../visibility/matter'
import { sensitivityOf, stricter } from './confidentiality'
import { requireMatter, requirePerson, requireUnit } from './guard'

/** What others may only ask the handler about, others do not change. */
function requireInsider(tx: WriteTx, viewer: Viewer, matterId: string): void {
  const may = tx.get(sql`SELECT 1 FROM matter_state s WHERE s.matter_id = ${matterId}
    AND (s.confidentiality = 'normal' OR ${isInsider(viewer, sql`s`)})`)
  if (may === undefined) {
    throw new AppError('FORBIDDEN', '这是敏感事项，只有承办人、登记人和主任可以修改，内容未保存。')
  }
}

function matterPatch(patch: Input<'matter.edit'>['patch']): Partial<RowOf<'matter'>> {
  return {
    ...(patch.title === undefined ? {} : { title: cleanText(patch.title) }),
    ...(patch.category === undefined ? {} : { category: patch.category }),
    ...(patch.orgUnitId === undefined ? {} : { org_unit_id: patch.orgUnitId }),
    ...(patch.place === undefined ? {} : { place: cleanText(patch.place) }),
    ...(patch.description === undefined ? {} : { description: cleanText(patch.description) }),
    ...(patch.occurredOn === undefined ? {} : { occurred_on: patch.occurredOn }),
    ...(patch.headCount === undefined ? {} : { head_count: patch.headCount }),
    ...(patch.amountFen === undefined ? {} : { amount_fen: patch.amountFen }),
    ...(patch.confidentiality === undefined ? {} : { confidentiality: patch.confidentiality }),
    ...(patch.riskLevel === undefined ? {} : { risk_level: patch.riskLevel }),
  }
}

/**
 * Changes fields of a matter. A category or story that is sensitive by nature raises the confidentiality, unless the
 * person set it in the same edit.
 * @returns the apply counter after it: basis of the next edit
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT, CHANGED_MEANWHILE
 */
export function editMatter(tx: WriteTx, viewer: Viewer, input: Input<'matter.edit'>): number {
  requireMatter(tx, viewer, input.id)
  requireInsider(tx, viewer, input.id)
  requireUnit(tx, input.patch.orgUnitId ?? null, 'orgUnitId')
  const patch = matterPatch(input.patch)
  assertBasis(tx, 'matter', input.id, input.basis, patch)
  const before = getRow(tx, 'matter', input.id)
  const natural = sensitivityOf({ category: patch.category ?? '', description: patch.description ?? '' })
  const raised = stricter(before?.confidentiality ?? 'normal', natural)
  const raise = patch.confidentiality === undefined && raised !== before?.confidentiality
  patchRow(tx, 'matter', input.id, raise ? { ...patch, confidentiality: raised } : patch)
  return applyCounter(tx)
}

/** Adds a party as registered; the name is kept beside the person, for the day the person has not arrived yet. */
export function addParty(
  tx: WriteTx,
  matterId: string,
  party: {
    readonly personId: string | null
    readonly name: string
    readonly isUnit: boolean
    readonly role: string
  },
): string {
  const person = party.personId === null ? undefined : getRow(tx, 'person', party.personId)
  return insertRow(tx, 'matter_party', {
    matter_id: matterId,
    person_id: party.personId,
    name: cleanText(party.name) || (person?.name ?? ''),
    is_unit: party.isUnit,
    role: party.role,
    phone: '',
    address: '',
    address_secret: false,
    removed: false,
  })
}

function partyPatch(tx: WriteTx, patch: Input<'matter.save_party'>['patch']): Partial<RowOf<'matter_party'>> {
  const person = patch.personId == null ? undefined : getRow(tx, 'person', patch.personId)
  const name = patch.name ?? person?.name
  return {
    ...(patch.personId === undefined ? {} : { person_id: patch.personId }),
    ...(name === undefined ? {} : { name: cleanText(name) }),
    ...(patch.isUnit === undefined ? {} : { is_unit: patch.isUnit }),
    ...(patch.role === undefined ? {} : { role: patch.role }),
    ...(patch.phone === undefined ? {} : { phone: checkPhone(patch.phone).text }),
    ...(patch.address === undefined ? {} : { address: cleanText(patch.address) }),
    ...(patch.addressSecret === undefined ? {} : { address_secret: patch.addressSecret }),
    ...(patch.removed === undefined ? {} : { removed: patch.removed }),
  }
}

/** @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT, CHANGED_MEANWHILE */
export function saveParty(tx: WriteTx, viewer: Viewer, input: Input<'matter.save_party'>): string {
  requireMatter(tx, viewer, input.matterId)
  requireInsider(tx, viewer, input.matterId)
  if (input.patch.personId != null) requirePerson(tx, viewer, input.patch.personId)
  const patch = partyPatch(tx, input.patch)
  if (input.partyId === null) {
    if ((patch.name ?? '') === '')
      throw new AppError('BAD_INPUT', '请填写当事人姓名或名称，内容未保存。', { field: 'name' })
    const partyId = addParty(tx, input.matterId, {
      personId: input.patch.personId ?? null,
      name: patch.name ?? '',
      isUnit: input.patch.isUnit ?? false,
      role: input.patch.role ?? 'respondent',
    })
    patchRow(tx, 'matter_party', partyId, patch)
    return partyId
  }
  if (getRow(tx, 'matter_party', input.partyId)?.matter_id !== input.matterId) {
    throw new AppError('NOT_FOUND', '没有找到这位当事人，可能尚未收到。内容未保存，请刷新后再试。')
  }
  assertBasis(tx, 'matter_party', input.partyId, input.basis, patch)
  patchRow(tx, 'matter_party', input.partyId, patch)
  return input.partyId
}

/** Names a unit the matter is about, once. */
export function addRespondentUnit(tx: WriteTx, matterId: string, unitId: string): void {
  requireUnit(tx, unitId, 'respondentUnitIds')
  const known = tx.get<{ id: string; removed: number }>(sql`SELECT id, removed FROM matter_respondent_unit
    WHERE matter_id = ${matterId} AND org_unit_id = ${unitId} ORDER BY removed, id LIMIT 1`)
  if (known === undefined) {
    insertRow(tx, 'matter_respondent_unit', { matter_id: matterId, org_unit_id: unitId, removed: false })
  } else if (known.removed === 1) patchRow(tx, 'matter_respondent_unit', known.id, { removed: false })
}

/** @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT, CHANGED_MEANWHILE */
export function saveRespondentUnit(
  tx: WriteTx,
  viewer: Viewer,
  input: Input<'matter.save_respondent_unit'>,
): void {
  requireMatter(tx, viewer, input.matterId)
  requireInsider(tx, viewer, input.matterId)
  const { orgUnitId, removed } = input.patch
  if (!removed) {
    addRespondentUnit(tx, input.matterId, orgUnitId)
    return
  }
  const rows = tx.all<{ id: string }>(sql`SELECT id FROM matter_respondent_unit
    WHERE matter_id = ${input.matterId} AND org_unit_id = ${orgUnitId} AND removed = 0`)
  for (const { id } of rows) {
    assertBasis(tx, 'matter_respondent_unit', id, input.basis, { removed })
    patchRow(tx, 'matter_respondent_unit', id, { removed })
  }
}
