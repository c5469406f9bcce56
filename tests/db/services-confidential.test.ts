import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { giveFirstGrant } from '../../db/accounts/grants'
import { checkDerived } from '../../db/derived/rebuild'
import { openSlots } from '../../db/keys/slots'
import { readKeysFile, RECOVERY } from '../../db/keys/file'
import { recoveryPairs } from '../../db/keys/pairs'
import { openForm, sealForm } from '../../db/letterbox/box'
import { openHeld } from '../../db/open'
import { listReferrals, getReferral } from '../../db/queries/psych'
import { listRoster, getRosterEntry } from '../../db/queries/roster'
import { sealedByMe } from '../../db/queries/sealed'
import { searchEverything } from '../../db/queries/search'
import { applyCounter } from '../../db/replication/basis'
import { getRow } from '../../db/rows'
import { addReferralNote, setReferralState } from '../../db/services/psych'
import { addRosterVisit, saveRosterEntry } from '../../db/services/roster'
import {
  absorbSealed,
  receiptOf,
  requireConsent,
  sayStates,
  sendSealed,
  type SealedLetter,
} from '../../db/services/sealed'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import type { Compartment } from '../../domain/compartments'
import type { RawInput } from '../../domain/contract'
import { codeIn, refusal } from '../helpers/errors'
import { createTestStores } from '../helpers/store'
import { createTown, parsed, requestId, type Person, type Town } from '../helpers/town'

let town: Town
let clerk: Person
let worker: Person
const opened: Store[] = []

function open(compartment: Compartment): Store {
  const keys = openSlots(
    readKeysFile(town.dataDir),
    compartment,
    RECOVERY,
    recoveryPairs(town.recoverySecret).boxPrivate,
  )
  const { clock, random, dataDir } = town
  const { store } = openHeld({ dataDir, compartment, keys, clock, random })
  opened.push(store)
  return store
}

beforeEach(() => {
  town = createTown('confidential')
  clerk = town.staff('wang', 'clerk')
  worker = town.staff('chen', 'psych_worker')
  writeTx(town.base, town.adminActor, (tx) => {
    giveFirstGrant(tx, recoveryPairs(town.recoverySecret), 'psych', worker.staffId)
  })
})
afterEach(() => {
  for (const store of opened.splice(0)) {
    expect(checkDerived(store)).toEqual([])
    store.connection.close()
  }
  town.dispose()
})

const form: SealedLetter['form'] = {
  name: '沈静',
  gender: 'female',
  birthDate: '1990-03-04',
  phone: '15400000055',
  safeContact: '周四下午，莫打家里电话',
  need: '夜里睡不着，常常哭',
  urgency: 'urgent',
  consent: 'given',
  confirmedBy: null,
  personId: null,
  matterId: null,
}

function send(): string {
  const letter: SealedLetter = { form, sentAt: town.clock.now(), sentBy: clerk.staffId }
  const sealed = sealForm(town.base, 'psych', letter, receiptOf(letter), clerk.account.boxPublic)
  return clerk.write((tx) => sendSealed(tx, { id: tx.newId(), compartment: 'psych', ...sealed }))
}
const absorb = (psych: Store): ReturnType<typeof absorbSealed> =>
  absorbSealed(psych, town.base, worker.actor, (ciphertext) => openForm(psych, ciphertext))

describe('the letter-box', () => {
  it('leaves in base nothing of whom it is about; the sender alone sees it again', () => {
    send()
    const dumped = JSON.stringify(town.base.db.all(sql`SELECT * FROM sealed_item`))
    const changes = JSON.stringify(town.base.db.all(sql`SELECT body FROM change`))
    for (const word of ['沈静', '15400000055', '睡不着']) {
      expect(dumped + changes).not.toContain(word)
      const hits = searchEverything(
        town.base.db,
        clerk.viewer(),
        { text: word, after: null, limit: 10 },
        '2026-03-02',
      )
      expect(hits.rows).toEqual([])
    }
    const mine = sealedByMe(town.base.db, clerk.staffId, clerk.account.openSealed)
    expect(mine.map((row) => [row.about, row.stateText])).toEqual([['沈静', '已转介，待接收']])
    const other = town.staff('qian', 'clerk')
    expect(sealedByMe(town.base.db, other.staffId, other.account.openSealed)).toEqual([])
    expect(sealedByMe(town.base.db, clerk.staffId, other.account.openSealed)[0]?.about).not.toContain('沈静')
  })

  it('is absorbed once however often it is opened, also when the state word was lost in between', () => {
    const sealedId = send()
    const psych = open('psych')
    expect(absorb(psych)).toEqual({ absorbed: 1, unreadable: [] })
    expect(getRow(town.base.db, 'sealed_item', sealedId)?.state).toBe('received')
    const [row] = psych.db.all<{ id: string }>(sql`SELECT id FROM referral`)
    const before = psych.db.get(sql`SELECT * FROM referral`)
    // As if the process had been killed after the compartment's commit.
    writeTx(town.base, clerk.actor, (tx) => {
      tx.run(sql`UPDATE sealed_item SET state = 'sent' WHERE id = ${sealedId}`)
    })
    town.clock.advance(3_600_000)
    absorb(psych)
    expect(psych.db.all(sql`SELECT * FROM referral`)).toEqual([before])
    expect(row?.id).not.toBe(sealedId)
    expect(getRow(town.base.db, 'sealed_item', sealedId)?.state).toBe('received')
    expect(getRow(psych.db, 'referral', row?.id ?? '')?.sent_by).toBe(clerk.staffId)
  })

  it('makes equal rows on two terminals that absorb at once', () => {
    const sealedId = send()
    const psych = open('psych')
    absorb(psych)
    writeTx(town.base, clerk.actor, (tx) => {
      tx.run(sql`UPDATE sealed_item SET state = 'sent' WHERE id = ${sealedId}`)
    })
    const elsewhere = createTestStores({
      compartments: ['psych'],
      seed: 'elsewhere',
      centreId: town.centreId,
    })
    elsewhere.clock.advance(86_400_000)
    const second = elsewhere.store('psych')
    absorbSealed(second, town.base, worker.actor, (ciphertext) => openForm(psych, ciphertext))
    expect(second.db.all(sql`SELECT * FROM referral`)).toEqual(psych.db.all(sql`SELECT * FROM referral`))
    elsewhere.dispose()
  })

  it('names what cannot be opened and takes in the rest', () => {
    const broken = clerk.write((tx) =>
      sendSealed(tx, { id: tx.newId(), compartment: 'psych', ciphertext: 'not sealed', receipt: '' }),
    )
    send()
    expect(absorb(open('psych'))).toEqual({ absorbed: 1, unreadable: [broken] })
  })

  it('asks a second person where there is no consent', () => {
    const emergency = { ...form, consent: 'emergency' as const }
    expect(
      codeIn(() => {
        requireConsent(emergency, clerk.staffId)
      }),
    ).toBe('BAD_INPUT')
    expect(
      codeIn(() => {
        requireConsent({ ...emergency, confirmedBy: clerk.staffId }, clerk.staffId)
      }),
    ).toBe('BAD_INPUT')
    requireConsent({ ...emergency, confirmedBy: worker.staffId }, clerk.staffId)
  })
})

describe('a referral', () => {
  let psych: Store
  let id: string
  beforeEach(() => {
    send()
    psych = open('psych')
    absorb(psych)
    id = psych.db.get<{ id: string }>(sql`SELECT id FROM referral`)?.id ?? ''
  })
  const set = (state: RawInput<'psych.set_state'>['patch']['state'], reason = ''): void => {
    writeTx(psych, worker.actor, (tx) => {
      const basis = applyCounter(tx)
      setReferralState(tx, worker.staffId, { requestId: requestId(), id, basis, patch: { state, reason } })
    })
  }

  it('draws the number of its own list on receipt, and base learns one word', () => {
    expect(listReferrals(psych.db, parsed('psych.list', {})).rows[0]?.number).toBe('')
    set('accepted')
    sayStates(town.base, psych, worker.actor)
    const detail = getReferral(psych.db, town.base.db, id)
    expect([detail.number, detail.stateText, detail.counsellorId]).toEqual([
      '服26-01-0001',
      '已签收',
      worker.staffId,
    ])
    const mine = sealedByMe(town.base.db, clerk.staffId, clerk.account.openSealed)
    expect(mine[0]?.stateText).toBe('已签收')
    expect(
      codeIn(() => {
        set('accepted')
      }),
    ).toBe('STEP_NOT_ALLOWED')
    expect(
      refusal(() => {
        set('ended')
      }).field,
    ).toBe('reason')
  })

  it('is over when the person says no: the need is cleared and nothing more is noted', () => {
    set('refused_by_person')
    expect(getReferral(psych.db, town.base.db, id).need).toBe('')
    const note = (): unknown =>
      writeTx(psych, worker.actor, (tx) =>
        addReferralNote(tx, worker.staffId, {
          requestId: requestId(),
          id,
          basis: applyCounter(tx),
          patch: { kind: 'contact', happenedOn: '2026-03-02', text: '再劝', nextOn: '' },
        }),
      )
    expect(codeIn(note)).toBe('STEP_NOT_ALLOWED')
    sayStates(town.base, psych, worker.actor)
    expect(town.base.db.get(sql`SELECT state FROM sealed_item`)).toEqual({ state: 'ended' })
  })

  it('is found by name, pinyin and text in its own index', () => {
    for (const text of ['沈', 'shenjing', 'sj', '睡不'])
      expect(listReferrals(psych.db, parsed('psych.list', { text })).total, text).toBe(1)
    expect(listReferrals(psych.db, parsed('psych.list', { text: '王' })).total).toBe(0)
  })
})

describe('the roster', () => {
  const whole = {
    name: '孙某',
    category: '01' as const,
    sourceDocument: '释放证明书（2026）1号',
    approver: '周主任',
    legalBasis: '《社区矫正法》',
    reviewOn: '2026-06-01',
  }
  let roster: Store
  let officer: Person
  beforeEach(() => {
    officer = town.staff('he', 'roster_officer')
    roster = open('roster')
  })
  const save = (id: string | null, patch: RawInput<'roster.save'>['patch']): string =>
    writeTx(roster, officer.actor, (tx) =>
      saveRosterEntry(tx, { requestId: requestId(), id, basis: applyCounter(tx), patch }),
    )

  it('takes nobody without source, approver, basis and an end', () => {
    for (const name of ['sourceDocument', 'approver', 'legalBasis', 'reviewOn', 'category'] as const) {
      const { [name]: _left, ...rest } = whole
      expect(refusal(() => save(null, rest)).field).toBe(name)
    }
    expect(refusal(() => save(null, { ...whole, reviewOn: '2026-03-02' })).field).toBe('reviewOn')
    const id = save(null, whole)
    expect(getRosterEntry(roster.db, town.base.db, id, '2026-03-02').number).toBe('册26-01-0001')
  })

  it('is frozen past its review date: only visits and the review', () => {
    const id = save(null, whole)
    save(id, { note: '已就业' })
    town.clock.set(Date.parse('2026-06-02T09:00:00+08:00'))
    expect(codeIn(() => save(id, { note: '改' }))).toBe('STEP_NOT_ALLOWED')
    expect(codeIn(() => save(id, { approver: '别人' }))).toBe('STEP_NOT_ALLOWED')
    expect(codeIn(() => save(id, { note: '改', reviewOn: '2026-12-01' }))).toBe('STEP_NOT_ALLOWED')
    expect(getRosterEntry(roster.db, town.base.db, id, '2026-06-02').frozen).toBe(true)
    writeTx(roster, officer.actor, (tx) =>
      addRosterVisit(tx, officer.staffId, {
        requestId: requestId(),
        id,
        basis: applyCounter(tx),
        patch: { visitedOn: '2026-06-02', text: '在家', nextOn: '2026-06-20' },
      }),
    )
    save(id, { reviewOn: '2026-12-01' })
    save(id, { note: '改' })
    const entry = getRosterEntry(roster.db, town.base.db, id, '2026-06-02')
    expect([entry.frozen, entry.note, entry.visits.length]).toEqual([false, '改', 1])
    const due = listRoster(roster.db, town.base.db, parsed('roster.list', { due: 'visit' }), '2026-06-02')
    expect(due.rows.map((row) => row.nextVisitOn)).toEqual(['2026-06-20'])
  })
})
