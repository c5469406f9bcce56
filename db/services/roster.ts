/** The roster: no entry without source, basis and end (PRACTICE.md section 2, rule 9). */
import { localDateOf, type LocalDate } from '../../domain/clock'
import { isRealDate } from '../../domain/calendar/workdays'
import type { Input } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { checkIdNumber } from '../../domain/rules/idNumber'
import { checkPhone } from '../../domain/rules/phone'
import { cleanText } from '../../domain/rules/text'
import { drawNumber } from '../numbers'
import { assertBasis } from '../replication/basis'
import { getRow, insertRow, patchRow } from '../rows'
import type { RowOf } from '../schema'
import type { WriteTx } from '../store'

type Patch = Input<'roster.save'>['patch']
type EntryRow = RowOf<'roster_entry'>

const REQUIRED = [
  ['name', '姓名'],
  ['category', '类别'],
  ['sourceDocument', '来源文书'],
  ['approver', '批准人'],
  ['legalBasis', '法律依据'],
  ['reviewOn', '复核日期'],
] as const satisfies readonly (readonly [keyof Patch, string])[]
/** What a review says anew; everything else waits until it has taken place. */
const REVIEW_FIELDS: readonly string[] = ['reviewOn', 'sourceDocument', 'approver', 'legalBasis']

/** @returns whether a record is past its review date: only visits and the review itself may change it. */
export function isFrozen(reviewOn: LocalDate, today: LocalDate): boolean {
  return reviewOn < today
}

function rowPatch(patch: Patch): Partial<EntryRow> {
  const text = (value: string | undefined, name: keyof EntryRow): Partial<EntryRow> =>
    value === undefined ? {} : { [name]: cleanText(value) }
  return {
    ...text(patch.name, 'name'),
    ...(patch.gender === undefined ? {} : { gender: patch.gender }),
    ...(patch.birthDate === undefined ? {} : { birth_date: patch.birthDate }),
    ...(patch.idNumber === undefined ? {} : { id_number: checkIdNumber(patch.idNumber).text }),
    ...(patch.phone === undefined ? {} : { phone: checkPhone(patch.phone).text }),
    ...(patch.orgUnitId === undefined ? {} : { org_unit_id: patch.orgUnitId }),
    ...text(patch.address, 'address'),
    ...(patch.category === undefined ? {} : { category: patch.category }),
    ...text(patch.sourceDocument, 'source_document'),
    ...text(patch.approver, 'approver'),
    ...text(patch.legalBasis, 'legal_basis'),
    ...(patch.reviewOn === undefined ? {} : { review_on: patch.reviewOn }),
    ...text(patch.supportGroup, 'support_group'),
    ...text(patch.note, 'note'),
    ...(patch.nextVisitOn === undefined ? {} : { next_visit_on: patch.nextVisitOn }),
  }
}

function requireReviewDate(reviewOn: LocalDate, today: LocalDate): void {
  if (isRealDate(reviewOn) && reviewOn > today) return
  throw new AppError(
    'BAD_INPUT',
    `复核日期应晚于今天（${today}），内容未保存。到期前须复核，否则记录冻结。`,
    {
      field: 'reviewOn',
    },
  )
}

function createEntry(tx: WriteTx, patch: Patch, today: LocalDate): string {
  for (const [name, label] of REQUIRED) {
    if ((patch[name] ?? '') === '') {
      throw new AppError('BAD_INPUT', `请填写${label}：没有${label}不能列入名单。内容未保存。`, {
        field: name,
      })
    }
  }
  requireReviewDate(patch.reviewOn ?? '', today)
  const empty: EntryRow = {
    name: '',
    gender: '',
    birth_date: '',
    phone: '',
    id_number: '',
    org_unit_id: null,
    address: '',
    category: '',
    source_document: '',
    approver: '',
    legal_basis: '',
    review_on: '',
    support_group: '',
    note: '',
    next_visit_on: '',
    removed: false,
  }
  const id = insertRow(tx, 'roster_entry', { ...empty, ...rowPatch(patch) })
  drawNumber(tx, 'roster_entry', id, 'not_confirmed')
  return id
}

function entryOf(tx: WriteTx, id: string): EntryRow {
  const row = getRow(tx, 'roster_entry', id)
  if (row === undefined || row.removed) {
    throw new AppError('NOT_FOUND', '没有找到这条记录，可能尚未收到。没有改动。')
  }
  return row
}

/** @returns the entry's id. @throws AppError BAD_INPUT, NOT_FOUND, STEP_NOT_ALLOWED when frozen, CHANGED_MEANWHILE */
export function saveRosterEntry(tx: WriteTx, input: Input<'roster.save'>): string {
  const today = localDateOf(tx.now)
  if (input.id === null) return createEntry(tx, input.patch, today)
  const row = entryOf(tx, input.id)
  const beyondReview = Object.keys(input.patch).some((name) => !REVIEW_FIELDS.includes(name))
  if (isFrozen(row.review_on, today) && (beyondReview || input.patch.reviewOn === undefined)) {
    throw new AppError(
      'STEP_NOT_ALLOWED',
      `复核日期（${row.review_on}）已过，记录冻结，内容未保存。请先复核并填写新的复核日期。`,
      { field: 'reviewOn' },
    )
  }
  if (input.patch.reviewOn !== undefined) requireReviewDate(input.patch.reviewOn, today)
  const patch = rowPatch(input.patch)
  assertBasis(tx, 'roster_entry', input.id, input.basis, patch)
  patchRow(tx, 'roster_entry', input.id, patch)
  return input.id
}

/** A visit is recorded whether the entry is frozen or not. @throws AppError NOT_FOUND, BAD_INPUT, CHANGED_MEANWHILE */
export function addRosterVisit(tx: WriteTx, staffId: string, input: Input<'roster.add_visit'>): string {
  entryOf(tx, input.id)
  const { visitedOn, text, nextOn } = input.patch
  const today = localDateOf(tx.now)
  if (!isRealDate(visitedOn) || visitedOn > today) {
    throw new AppError('BAD_INPUT', `走访日期应是不晚于今天（${today}）的日期，内容未保存。`, {
      field: 'visitedOn',
    })
  }
  assertBasis(tx, 'roster_entry', input.id, input.basis, { next_visit_on: nextOn })
  patchRow(tx, 'roster_entry', input.id, { next_visit_on: nextOn })
  return insertRow(tx, 'roster_visit', {
    entry_id: input.id,
    visited_on: visitedOn,
    body: cleanText(text),
    next_on: nextOn,
    recorded_at: tx.now,
    recorded_by: staffId,
  })
}
