import type { Output, RawInput } from '../../../domain/contract/index'
import type { Wire } from '../../../domain/marks'

export type Referral = Wire<Output<'psych.get'>>
export type ReferralPatch = RawInput<'psych.edit'>['patch']
export type ReferralState = RawInput<'psych.set_state'>['patch']['state']
export interface ReferralStep {
  readonly state: ReferralState
  /** Words of the button. */
  readonly text: string
  /** What will happen, told before it does. */
  readonly says: string
  readonly reason: 'none' | 'wanted'
}

const ACCEPT: ReferralStep = {
  state: 'accepted',
  text: '签收',
  says: '签收后给本名单自己的编号，转介的同事会看到“已签收”，看不到别的。',
  reason: 'none',
}
const DECLINE: ReferralStep = {
  state: 'declined',
  text: '婉拒',
  says: '转介的同事会看到“已婉拒”。理由只留在这里。',
  reason: 'wanted',
}
const REFUSED: ReferralStep = {
  state: 'refused_by_person',
  text: '本人不需要',
  says: '到此为止。“需要什么帮助”的内容会删掉，不再联系；以后他自己愿意可以重新来。',
  reason: 'none',
}
const SERVE: ReferralStep = {
  state: 'in_service',
  text: '开始服务',
  says: '转介的同事会看到“服务中”，看不到内容。',
  reason: 'none',
}
const END: ReferralStep = {
  state: 'ended',
  text: '结束服务',
  says: '转介的同事会看到“服务结束”。记录留在这里。',
  reason: 'wanted',
}
const ON: ReferralStep = {
  state: 'referred_on',
  text: '转上级机构',
  says: '转介的同事会看到“已转上级机构”。转到哪里只写在这里。',
  reason: 'wanted',
}
const STEPS: Readonly<Record<string, readonly ReferralStep[]>> = {
  sent: [ACCEPT, DECLINE, REFUSED],
  accepted: [SERVE, REFUSED, ON, DECLINE],
  in_service: [END, ON, REFUSED],
}

/** @returns what may be done next; the first is the main button. Ended ones stay as they are. */
export const referralSteps = (state: string): readonly ReferralStep[] => STEPS[state] ?? []

export interface ReferralFields {
  name: string
  phone: string
  safeContact: string
  urgency: string
}
export const REFERRAL_LABELS: Readonly<Record<string, string>> = {
  name: '姓名',
  phone: '电话',
  safeContact: '怎么联系才安全',
  urgency: '急不急',
}
export const referralFields = ({ name, phone, safeContact, urgency }: Referral): ReferralFields => ({
  name,
  phone,
  safeContact,
  urgency,
})

/** @returns only what the person changed. */
export function referralPatch(before: ReferralFields, after: ReferralFields): ReferralPatch {
  const patch: ReferralPatch = {}
  if (after.name.trim() !== before.name) patch.name = after.name.trim()
  if (after.phone !== before.phone) patch.phone = after.phone
  if (after.safeContact !== before.safeContact) patch.safeContact = after.safeContact
  if (after.urgency !== before.urgency) patch.urgency = after.urgency as NonNullable<ReferralPatch['urgency']>
  return patch
}

/** Own will of the person, in words. */
export const CONSENT_WORDS: Readonly<Record<string, string>> = {
  given: '本人同意（已签字）',
  oral: '本人口头同意',
  emergency: '眼前的生命危险，两位同事共同确认',
}
