import { describe, expect, it } from 'vitest'
import type { Output } from '../../domain/contract/index'
import type { Wire } from '../../domain/marks'
import { checkCourseData } from '../../domain/course/steps'
import {
  emptyStep,
  mainStep,
  stepData,
  withPhrase,
  type Handling,
} from '../../renderer/components/work/course/step'
import { factProblems, factsOf, factsPatch } from '../../renderer/features/matter/facts'
import {
  emptyFilter,
  isFiltered,
  listInput,
  recallFilter,
  rememberFilter,
} from '../../renderer/features/matter/filter'
import { mayBeVoided, ownSteps } from '../../renderer/features/matter/own-steps'
import { partyFields, partyPatch } from '../../renderer/features/matter/party'
import { mine, nextSentence } from '../../renderer/features/mediator/next'
import { isZeroReport, monthDates, monthSentences, monthStep } from '../../renderer/features/month/words'
import { referralSteps } from '../../renderer/features/psych/referral'
import {
  emptyVisit,
  personChanges,
  registerInput,
  visitProblems,
} from '../../renderer/features/reception/form'
import { emptyEntry, entryPatch, entryProblems } from '../../renderer/features/roster/entry'
import { worthAsking } from '../../renderer/components/work/suggest'

const CALL = { requestId: 'request-1', basis: 0, clockConfirmed: false }
const handling = (part: Partial<Handling>): Handling => ({
  id: 'h',
  way: 'people_mediation',
  wayText: '人民调解',
  unitName: '',
  state: 'in_progress',
  stateText: '办理中',
  mediators: [],
  due: { dueOn: '', text: '', level: 'none', reason: '' },
  heads: ['e1'],
  otherHeads: [],
  nextKinds: [],
  ...part,
})

describe('registration at the window', () => {
  it('makes a new person of what is filled in and leaves blank rows out', () => {
    const form = emptyVisit()
    Object.assign(form, { name: ' 李建国 ', wanted: '纠纷调解', description: '排水沟', phone: '139' })
    form.opponents = [
      { personId: null, name: '陈大明', isUnit: false },
      { personId: null, name: ' ', isUnit: true },
      { personId: 'p2', name: '随便', isUnit: false },
    ]
    const { patch } = registerInput(form, CALL)
    expect(patch.person).toEqual({ create: { name: '李建国', phone: '139' } })
    expect(patch.opponents).toEqual([{ name: '陈大明', isUnit: false }, { personId: 'p2' }])
  })
  it('refers to a picked person and never sends a masked number as his new one', () => {
    const form = Object.assign(emptyVisit(), {
      personId: 'p1',
      name: '李建国',
      idNumber: '999***1234',
      phone: '138',
    })
    expect(registerInput(form, CALL).patch.person).toEqual({ id: 'p1' })
    const onRecord: Wire<Output<'person.get'>> = {
      id: 'p1',
      name: '李建国',
      gender: '',
      birthDate: '',
      idType: '111',
      idNumber: '999***1234',
      phone: '139',
      orgUnitId: null,
      village: '',
      address: '地址保密，由中心转交',
      addressSecret: true,
      note: '',
      basis: 4,
    }
    expect(personChanges(form, onRecord)).toEqual({ phone: '138' })
  })
  it('sends an answer only where nothing is handed on', () => {
    const form = Object.assign(emptyVisit(), { name: '甲', reply: '已答复' })
    expect(registerInput(form, CALL).patch.reply).toBe('已答复')
    expect(registerInput(Object.assign(form, { way: 'petition' }), CALL).patch.reply).toBe('')
  })
  it('names what is missing, and nothing but that', () => {
    expect(visitProblems(emptyVisit()).map((item) => item.field)).toEqual(['name', 'wanted', 'description'])
    const picked = Object.assign(emptyVisit(), { personId: 'p1', wanted: '咨询', description: '一句话' })
    expect(visitProblems(picked)).toEqual([])
    const misread = Object.assign(emptyVisit(), {
      ...picked,
      personId: null,
      name: '甲',
      idNumber: '11010119491231001',
    })
    expect(visitProblems(misread).map((item) => item.field)).toEqual(['idCheckReason'])
    expect(visitProblems({ ...misread, idCheckReason: '旧证件' })).toEqual([])
    expect(visitProblems(Object.assign(picked, { headCount: Number.NaN }))).toHaveLength(1)
  })
  it('does not ask who it may be for a village alone', () => {
    const query = { name: '', phone: '', idNumber: '', orgUnitId: 'u1' }
    expect(worthAsking(query)).toBe(false)
    expect(worthAsking({ ...query, phone: '55 21' })).toBe(true)
    expect(worthAsking({ ...query, name: '李' })).toBe(true)
  })
})

describe('steps of the course', () => {
  it('turns what was typed into data that the core accepts: yuan into fen, blanks left out', () => {
    const values = { ...emptyStep('agreed'), form: 'oral', text: ' 月底付清 ', amountFen: '3,000.5' }
    const { data, problems } = stepData('agreed', values)
    expect(problems).toEqual({})
    expect(data).toEqual({ form: 'oral', text: '月底付清', amountFen: 300_050 })
    expect(checkCourseData('agreed', data).ok).toBe(true)
  })
  it('complains about every missing field at once', () => {
    expect(Object.keys(stepData('agreed', emptyStep('agreed')).problems)).toEqual(['form', 'text'])
    expect(stepData('assigned', emptyStep('assigned')).problems).toHaveProperty('mediatorIds')
    expect(stepData('agreed', { form: 'oral', text: '好', amountFen: '三千' }).problems).toHaveProperty(
      'amountFen',
    )
  })
  it('offers the usual step as the main one, only where it is legal', () => {
    const steps = [
      { kind: 'withdrawn', text: '撤回申请' },
      { kind: 'assigned', text: '指派调解员' },
    ]
    expect(mainStep(handling({ state: 'accepted', nextKinds: steps }))?.kind).toBe('assigned')
    expect(mainStep(handling({ state: 'accepted', nextKinds: steps.slice(0, 1) }))).toBeUndefined()
  })
  it('adds a phrase as a sentence of its own, once', () => {
    expect(withPhrase('', '双方到场')).toBe('双方到场。')
    expect(withPhrase('来过', '双方到场')).toBe('来过。双方到场。')
    expect(withPhrase('双方到场。', '双方到场')).toBe('双方到场。')
  })
  it('archives only when every handling is over, and opens again only by a director', () => {
    const over = { state: 'closed', handlings: [handling({ state: 'closed' })] }
    expect(ownSteps(over, 'clerk').map((step) => step.kind)).toEqual(['archived'])
    expect(ownSteps({ ...over, handlings: [handling({})] }, 'clerk')).toEqual([])
    expect(ownSteps({ state: 'archived', handlings: [] }, 'director').map((step) => step.kind)).toEqual([
      'matter_reopened',
    ])
    expect(ownSteps({ state: 'archived', handlings: [] }, 'clerk')).toEqual([])
    expect(mayBeVoided({ state: 'void' })).toBe(false)
    expect(mayBeVoided({ state: 'in_progress' })).toBe(true)
  })
  it("finds the mediator's own handlings and has a sentence for a state of a newer version", () => {
    const own = handling({ id: 'h2', mediators: [{ staffId: 's1', name: '周' }] })
    expect(mine([handling({}), own], 's1')).toEqual([own])
    expect(nextSentence({ state: 'tripartite', stateText: '三方会谈' })).toContain('三方会谈')
  })
})

describe('the record being changed', () => {
  const matter = {
    title: '排水沟',
    category: '0201',
    orgUnitId: 'u1',
    place: '',
    description: '积水',
    occurredOn: '',
    headCount: 2,
    amountFen: 5,
    confidentiality: 'normal',
    riskLevel: '',
  } as Parameters<typeof factsOf>[0]
  it('sends only changed fields', () => {
    const before = factsOf(matter)
    expect(before.yuan).toBe('0.05')
    expect(factsPatch(before, { ...before })).toEqual({})
    expect(factsPatch(before, { ...before, yuan: '3000', headCount: '３', riskLevel: 'high' })).toEqual({
      amountFen: 300_000,
      headCount: 3,
      riskLevel: 'high',
    })
    expect(factsPatch(before, { ...before, yuan: '' })).toEqual({ amountFen: null })
  })
  it('says what is wrong before anything is sent', () => {
    const bad = { ...factsOf(matter), title: ' ', headCount: '0', yuan: '几百' }
    expect(Object.keys(factProblems(bad))).toEqual(['title', 'headCount', 'amountFen'])
  })
  it('leaves masked values of a party alone', () => {
    const party = {
      id: 'p',
      personId: null,
      role: 'respondent',
      roleText: '被申请人',
      name: '陈大明',
      phone: '*******1180',
      address: '（已隐藏）',
      isUnit: false,
    }
    const before = partyFields(party)
    expect(partyPatch(before, { ...before, role: 'third' })).toEqual({ role: 'third' })
    expect(partyPatch(before, { ...before, addressSecret: true })).toEqual({ addressSecret: true })
  })
})

describe('the list of matters', () => {
  const memory = (): Pick<Storage, 'getItem' | 'setItem'> & { all: () => string } => {
    const kept = new Map<string, string>()
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      all: () => [...kept.values()].join(),
    }
  }
  it('remembers the filter per person, never the searched name', () => {
    const store = memory()
    rememberFilter(store, 's1', { ...emptyFilter(), text: '李建国', group: 'open', orgUnitId: 'u1' })
    expect(store.all()).not.toContain('李建国')
    expect(recallFilter(store, 's1')).toEqual({ ...emptyFilter(), group: 'open', orgUnitId: 'u1' })
    expect(recallFilter(store, 's2')).toEqual(emptyFilter())
  })
  it('forgets a filter it does not understand', () => {
    const store = memory()
    store.setItem('matter-filter:s1', '{"group":"no such group"}')
    expect(recallFilter(store, 's1')).toEqual(emptyFilter())
    store.setItem('matter-filter:s1', 'not json')
    expect(recallFilter(store, 's1')).toEqual(emptyFilter())
  })
  it('shows what still runs without the accepted that wait for a mediator, and knows when it is narrowed', () => {
    const { states } = listInput({ ...emptyFilter(), group: 'open' })
    expect(states).toContain('in_progress')
    expect(states).not.toContain('accepted')
    expect(isFiltered(emptyFilter())).toBe(false)
    expect(isFiltered({ ...emptyFilter(), due: 'late' })).toBe(true)
  })
})

describe('the month', () => {
  const counts: Output<'month.counts'> = {
    month: '2026-03',
    visits: 47,
    questions: 12,
    matters: 35,
    handlings: 38,
    accepted: 30,
    resolved: 22,
    overdue: 3,
    open: 41,
    byVillage: [],
    byCategory: [],
    byMediator: [],
    definitions: [],
  }
  it('says every number with what it counts, and each leads to what is behind it', () => {
    const pieces = monthSentences(counts).flat()
    const text = pieces.map((piece) => ('text' in piece ? piece.text : piece.value)).join('')
    expect(text).toContain('化解 22 件次')
    const drills = pieces.flatMap((piece) => ('text' in piece ? [] : [piece.drill.count]))
    expect([...drills].sort()).toEqual(
      ['accepted', 'handlings', 'matters', 'open', 'overdue', 'questions', 'resolved', 'visits'].sort(),
    )
  })
  it('calls a month without anything a zero report, even while old matters are open', () => {
    const zero = { visits: 0, questions: 0, matters: 0, handlings: 0, accepted: 0, resolved: 0, overdue: 0 }
    expect(isZeroReport({ ...counts, ...zero })).toBe(true)
    expect(isZeroReport({ ...counts, ...zero, questions: 1 })).toBe(false)
  })
  it('steps over the turn of the year and knows how long a month is', () => {
    expect(monthStep('2026-01', -1)).toBe('2025-12')
    expect(monthStep('2025-12', 1)).toBe('2026-01')
    expect(monthDates('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
  })
})

describe('confidential lists', () => {
  it('asks for ground and end of every roster entry', () => {
    const problems = entryProblems({ ...emptyEntry(), name: '马', reviewOn: '2026-03-08' }, '2026-03-08')
    expect(Object.keys(problems).sort()).toEqual([
      'approver',
      'category',
      'legalBasis',
      'reviewOn',
      'sourceDocument',
    ])
  })
  it('sends only what was changed', () => {
    const before = { ...emptyEntry(), name: '马', idNumber: '999***1111' }
    expect(entryPatch(before, { ...before, phone: ' 139 ' })).toEqual({ phone: '139' })
  })
  it('lets nothing more be done after the person has refused', () => {
    expect(referralSteps('sent').map((step) => step.state)).toContain('refused_by_person')
    expect(referralSteps('refused_by_person')).toEqual([])
  })
})
