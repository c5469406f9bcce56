/** Work on psychological referrals, inside their own compartment. */
import type { Input } from '../../domain/contract/index'
import { codeName } from '../../domain/codes/shipped'
import { AppError } from '../../domain/errors'
import { checkPhone } from '../../domain/rules/phone'
import { cleanText } from '../../domain/rules/text'
import { numberOf } from '../derived/matter'
import { drawNumber } from '../numbers'
import { assertBasis } from '../replication/basis'
import { getRow, insertRow, patchRow } from '../rows'
import type { RowOf } from '../schema'
import type { WriteTx } from '../store'

type State = Input<'psych.set_state'>['patch']['state']
/** Which states may follow. 本人不需要 ends it for good: pressing on is how such a list turns bad (PRACTICE.md 2.5). */
const NEXT: Readonly<Record<string, readonly State[]>> = {
  sent: ['accepted', 'declined', 'refused_by_person'],
  accepted: ['in_service', 'ended', 'referred_on', 'refused_by_person'],
  in_service: ['ended', 'referred_on', 'refused_by_person'],
  ended: ['in_service'],
  referred_on: ['in_service'],
}
const NEEDS_REASON = new Set<State>(['declined', 'ended', 'referred_on'])

function referralOf(tx: WriteTx, id: string): RowOf<'referral'> {
  const row = getRow(tx, 'referral', id)
  if (row === undefined || row.removed) {
    throw new AppError('NOT_FOUND', '没有找到这条心理服务记录，可能尚未收到。没有改动。')
  }
  return row
}

/** Draws the list's own number on receipt. @throws AppError NOT_FOUND, STEP_NOT_ALLOWED, BAD_INPUT, CHANGED_MEANWHILE */
export function setReferralState(tx: WriteTx, staffId: string, input: Input<'psych.set_state'>): void {
  const { state, reason } = input.patch
  const row = referralOf(tx, input.id)
  const patch = { state, state_reason: cleanText(reason) }
  assertBasis(tx, 'referral', input.id, input.basis, patch)
  if (!(NEXT[row.state] ?? []).includes(state)) {
    const now = codeName('referral_state', row.state)
    const wanted = codeName('referral_state', state)
    throw new AppError('STEP_NOT_ALLOWED', `目前是“${now}”，不能改为“${wanted}”，没有改动。`)
  }
  if (NEEDS_REASON.has(state) && patch.state_reason === '') {
    throw new AppError('BAD_INPUT', '请写明理由，没有改动。', { field: 'reason' })
  }
  patchRow(tx, 'referral', input.id, {
    ...patch,
    ...(state === 'accepted' ? { counsellor_id: staffId } : {}),
    // What the person does not want, nobody needs to know any longer.
    ...(state === 'refused_by_person' ? { need: '' } : {}),
    ...(state === 'ended' || state === 'refused_by_person' ? { next_on: '' } : {}),
  })
  if (state === 'accepted' && numberOf(tx, 'referral', input.id) === '') {
    drawNumber(tx, 'referral', input.id, 'not_confirmed')
  }
}

/** @returns the note's id. @throws AppError NOT_FOUND, STEP_NOT_ALLOWED, CHANGED_MEANWHILE */
export function addReferralNote(tx: WriteTx, staffId: string, input: Input<'psych.add_note'>): string {
  const { kind, happenedOn, text, nextOn } = input.patch
  const row = referralOf(tx, input.id)
  if (row.state === 'refused_by_person') {
    throw new AppError('STEP_NOT_ALLOWED', '本人已表示不需要，不再记录，内容未保存。')
  }
  if (nextOn !== '') {
    assertBasis(tx, 'referral', input.id, input.basis, { next_on: nextOn })
    patchRow(tx, 'referral', input.id, { next_on: nextOn })
  }
  return insertRow(tx, 'referral_note', {
    referral_id: input.id,
    kind,
    happened_on: happenedOn,
    body: cleanText(text),
    recorded_at: tx.now,
    recorded_by: staffId,
  })
}

/** @throws AppError NOT_FOUND, CHANGED_MEANWHILE */
export function editReferral(tx: WriteTx, input: Input<'psych.edit'>): void {
  referralOf(tx, input.id)
  const { name, phone, safeContact, urgency } = input.patch
  const patch = {
    ...(name === undefined ? {} : { name: cleanText(name) }),
    ...(phone === undefined ? {} : { phone: checkPhone(phone).text }),
    ...(safeContact === undefined ? {} : { safe_contact: cleanText(safeContact) }),
    ...(urgency === undefined ? {} : { urgency }),
  }
  assertBasis(tx, 'referral', input.id, input.basis, patch)
  patchRow(tx, 'referral', input.id, patch)
}
