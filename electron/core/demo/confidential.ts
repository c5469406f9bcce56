/** The confidential lists of the invented town: sealed in through the letter-box, worked by their holders alone. */
import { addDays } from '../../../domain/calendar/workdays'
import { localDateOf } from '../../../domain/clock'
import type { Input } from '../../../domain/contract/index'
import { randomId } from '../../../db/ids'
import { openForm, sealForm } from '../../../db/letterbox/box'
import { applyCounter } from '../../../db/replication/basis'
import { patchRow } from '../../../db/rows'
import { addReferralNote, setReferralState } from '../../../db/services/psych'
import { addRosterVisit, saveRosterEntry } from '../../../db/services/roster'
import {
  absorbSealed,
  receiptOf,
  sayStates,
  sendSealed,
  type SealedLetter,
} from '../../../db/services/sealed'
import { sql } from '../../../db/sql'
import type { Store, WriteTx } from '../../../db/store'
import { writeTx } from '../../../db/transaction'
import { inventPerson } from './people'
import { CARE_NOTES, NEEDS, ROSTER_VISITS } from './phrases'
import type { AloneDeed, Cast, Deed } from './play'
import { YEAR_ENDS } from './script'
import type { Chance } from './seeded'

const DAY = 24 * 3600_000
const requestId = 'demonstration'

interface Referrals {
  readonly base: Store
  readonly psych: Store
  readonly cast: Cast
  /** Public half of an account, to which the receipt is sealed. */
  readonly boxPublic: (account: string) => string
}

/** @param moments of the sending. @returns letters sent, absorbed and worked */
export function referralDeeds(
  chance: Chance,
  moments: readonly number[],
  { base, psych, cast, boxPublic }: Referrals,
): (Deed | AloneDeed)[] {
  return moments.flatMap((at): (Deed | AloneDeed)[] => {
    const sender = chance.weigh([
      ['clerk', 5],
      ['mediator', 3],
      ['mediator2', 2],
    ] as const)
    const person = inventPerson(chance)
    const form: SealedLetter['form'] = {
      name: person.name,
      gender: person.gender,
      birthDate: person.birthDate,
      phone: person.phone,
      safeContact: chance.pick(['', '白天打手机，不要打家里', '请加微信，晚上八点后', '由妹妹转告']),
      need: chance.pick(NEEDS),
      urgency: chance.weigh([
        ['routine', 7],
        ['urgent', 2],
        ['critical', 1],
      ] as const),
      consent: chance.hit(0.7) ? 'given' : 'oral',
      confirmedBy: null,
      personId: null,
      matterId: null,
    }
    let sealedId = ''
    const send: Deed = {
      at,
      who: sender,
      in: 'base',
      keys: [],
      run: (tx) => {
        const letter: SealedLetter = { form, sentAt: at, sentBy: cast.staffId(sender) }
        const sealed = sealForm(base, 'psych', letter, receiptOf(letter), boxPublic(sender))
        sealedId = sendSealed(tx, { id: randomId(base.random), compartment: 'psych', ...sealed })
      },
    }
    const work = (after: number, name: string, run: (tx: WriteTx, id: string) => void): Deed => ({
      at: after,
      who: 'psych',
      in: 'psych',
      keys: [`referral ${at} ${name}`],
      run: (tx) => {
        const row = tx.get<{ id: string }>(sql`SELECT id FROM referral WHERE sealed_id = ${sealedId}`)
        if (row === undefined) throw new Error('a letter was not absorbed')
        run(tx, row.id)
      },
    })
    const all = [send, absorbing(at + DAY, base, psych, cast), ...careOf(chance, at + DAY, work, cast)]
    return all.filter((deed) => deed.at < YEAR_ENDS)
  })
}

function absorbing(at: number, base: Store, psych: Store, cast: Cast): AloneDeed {
  return {
    at,
    alone: () =>
      void absorbSealed(psych, base, cast.actor('psych'), (ciphertext) => openForm(psych, ciphertext)),
  }
}

type Work = (after: number, name: string, run: (tx: WriteTx, id: string) => void) => Deed
type State = Input<'psych.set_state'>['patch']['state']

function careOf(chance: Chance, from: number, work: Work, cast: Cast): Deed[] {
  const staffId = cast.staffId('psych')
  const set = (after: number, state: State, reason = ''): Deed =>
    work(after, state, (tx, id) => {
      setReferralState(tx, staffId, { requestId, id, basis: applyCounter(tx), patch: { state, reason } })
    })
  const note = (after: number, kind: 'contact' | 'session' | 'follow_up'): Deed =>
    work(after, `${kind} ${after}`, (tx, id) => {
      const happenedOn = localDateOf(after)
      const patch = { kind, happenedOn, text: chance.pick(CARE_NOTES), nextOn: addDays(happenedOn, 14) }
      addReferralNote(tx, staffId, { requestId, id, basis: applyCounter(tx), patch })
    })
  if (chance.hit(0.1)) return [set(from + DAY, 'refused_by_person')]
  if (chance.hit(0.08)) return [set(from + DAY, 'declined', '不属于心理服务范围，已建议到卫生院就诊。')]
  const times = chance.int(1, 4)
  const meetings = Array.from({ length: times }, (_, index) => note(from + (5 + index * 14) * DAY, 'session'))
  const last = from + (8 + times * 14) * DAY
  return [
    set(from + DAY, 'accepted'),
    note(from + 2 * DAY, 'contact'),
    set(from + 4 * DAY, 'in_service'),
    ...meetings,
    ...(chance.hit(0.6) ? [set(last, 'ended', '本人感觉好转，约定需要时再联系。')] : []),
    ...(chance.hit(0.1) ? [] : [note(last - DAY, 'follow_up')]),
  ]
}

/**
 * Brings the senders' state words in step and clears what was sealed: a ciphertext is never the same twice, and the town
 * is. What was absorbed is not needed in base any more.
 */
export function settleLetters(base: Store, psych: Store, cast: Cast): void {
  const actor = cast.actor('psych')
  sayStates(base, psych, actor)
  writeTx(base, actor, (tx) => {
    for (const { id } of tx.all<{ id: string }>(sql`SELECT id FROM sealed_item ORDER BY id`))
      patchRow(tx, 'sealed_item', id, { ciphertext: '', receipt: '' })
  })
}

const SOURCES: Readonly<Record<'01' | '02' | '03', readonly [string, string, string]>> = {
  '01': ['释放证明书', '县司法局', '《中华人民共和国监狱法》第三十七条'],
  '02': ['社区矫正决定书', '县社区矫正管理局', '《中华人民共和国社区矫正法》'],
  '03': ['诊断评估意见', '县卫生健康委', '《中华人民共和国精神卫生法》'],
}

/** @param moments of the entries. @returns entries with their visits */
export function rosterDeeds(chance: Chance, moments: readonly number[], cast: Cast): Deed[] {
  const staffId = cast.staffId('roster')
  return moments.flatMap((at): Deed[] => {
    const category = chance.pick(['01', '02', '03'] as const)
    const [document, approver, legalBasis] = SOURCES[category]
    const person = inventPerson(chance)
    const on = localDateOf(at)
    const every = chance.pick([30, 60, 90])
    let entryId = ''
    const deed = (moment: number, run: (tx: WriteTx) => void): Deed => ({
      at: moment,
      who: 'roster',
      in: 'roster',
      keys: [`entry ${at}`],
      run,
    })
    const entry = deed(at, (tx) => {
      entryId = saveRosterEntry(tx, {
        requestId,
        basis: 0,
        id: null,
        patch: {
          name: person.name,
          gender: person.gender,
          birthDate: person.birthDate,
          idNumber: person.idNumber,
          phone: person.phone,
          orgUnitId: cast.unitId(person.home),
          address: person.address,
          category,
          sourceDocument: `${document}（演示）第${chance.int(10, 99)}号`,
          approver,
          legalBasis,
          reviewOn: addDays(on, chance.pick([180, 270, 365, 730])),
          supportGroup: chance.pick(['村干部、网格员、家属', '司法所、村委会、志愿者', '卫生院、村医、家属']),
          note: '',
          nextVisitOn: addDays(on, every),
        },
      })
    })
    const visits = Array.from({ length: 5 }, (_, index) => at + (index + 1) * every * DAY)
      .filter((moment) => moment < YEAR_ENDS)
      .map((moment) =>
        deed(moment, (tx) => {
          const visitedOn = localDateOf(moment)
          const patch = { visitedOn, text: chance.pick(ROSTER_VISITS), nextOn: addDays(visitedOn, every) }
          addRosterVisit(tx, staffId, { requestId, id: entryId, basis: applyCounter(tx), patch })
        }),
      )
    return [entry, ...visits]
  })
}
