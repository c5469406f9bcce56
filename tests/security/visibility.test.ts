import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toWire } from '../../domain/marks'
import { getMatter } from '../../db/queries/matter-detail'
import { listMatters } from '../../db/queries/matter-list'
import { buildLedger } from '../../db/queries/ledger'
import { monthBehind, monthCounts } from '../../db/queries/month'
import { noticeOf } from '../../db/queries/notice'
import { getPerson, owedMatters, suggestPersons } from '../../db/queries/person'
import { searchEverything } from '../../db/queries/search'
import { listVisits } from '../../db/queries/visit'
import { applyCounter } from '../../db/replication/basis'
import { recordEvent } from '../../db/services/course'
import { editMatter, saveParty, saveRespondentUnit } from '../../db/services/matter'
import { patchRow } from '../../db/rows'
import { AppError } from '../../domain/errors'
import { createTown, parsed, requestId, type Person, type Registered, type Town } from '../helpers/town'

const TODAY = '2026-03-02'
const MONTH = '2026-03'
let town: Town
let clerk: Person
let director: Person
let mediator: Person
let otherClerk: Person
let leader: Person
let villageClerk: Person
let cousin: Person

/** Every route by which a matter could come out: what the viewer gets, as one text. */
function everything(who: Person, made: Registered, secretWord: string): Record<string, string> {
  const { base } = town
  const viewer = who.viewer()
  const attempt = (work: () => unknown): string => {
    try {
      return JSON.stringify(toWire(work() ?? null, viewer.post))
    } catch (error) {
      if (error instanceof AppError) return `refused ${error.code}`
      throw error
    }
  }
  const page = { after: null, limit: 200 }
  const list = (text: string): unknown =>
    listMatters(base.db, viewer, parsed('matter.list', { text, ...page }), TODAY)
  const behind = (count: 'matters' | 'handlings' | 'open'): unknown =>
    monthBehind(base.db, viewer, parsed('month.behind', { month: MONTH, count, ...page }), TODAY)
  return {
    list: attempt(() => list('')),
    listByText: attempt(() => list(secretWord)),
    get: attempt(() => getMatter(base.db, viewer, { id: made.matterId, reason: '来访' }, TODAY)),
    search: attempt(() => searchEverything(base.db, viewer, { text: secretWord, ...page }, TODAY)),
    searchNumber: attempt(() => searchEverything(base.db, viewer, { text: made.number, ...page }, TODAY)),
    searchName: attempt(() => searchEverything(base.db, viewer, { text: '赵铁柱', ...page }, TODAY)),
    owed: attempt(() => owedMatters(base.db, viewer, made.personId, TODAY)),
    person: attempt(() => getPerson(base.db, viewer, made.personId, TODAY)),
    suggest: attempt(() =>
      suggestPersons(base.db, viewer, { name: '赵铁柱', phone: '', idNumber: '', orgUnitId: null }, TODAY),
    ),
    visits: attempt(() => listVisits(base.db, viewer, { from: TODAY, to: TODAY, ...page }, TODAY)),
    notice: attempt(() =>
      noticeOf(base.db, viewer, { kind: 'visit_receipt', matterId: made.matterId, visitId: null }, TODAY),
    ),
    behindMatters: attempt(() => behind('matters')),
    behindHandlings: attempt(() => behind('handlings')),
    behindOpen: attempt(() => behind('open')),
    ledger: attempt(() => buildLedger(base.db, viewer, MONTH, TODAY)),
    edit: attempt(() =>
      who.write((tx) =>
        editMatter(tx, viewer, {
          requestId: requestId(),
          id: made.matterId,
          basis: applyCounter(tx),
          patch: { place: '改' },
        }),
      ),
    ),
    party: attempt(() =>
      who.write((tx) =>
        saveParty(tx, viewer, {
          requestId: requestId(),
          basis: 0,
          matterId: made.matterId,
          partyId: null,
          patch: { name: '旁人' },
        }),
      ),
    ),
    respondentUnit: attempt(() =>
      who.write((tx) => {
        saveRespondentUnit(tx, viewer, {
          requestId: requestId(),
          basis: applyCounter(tx),
          matterId: made.matterId,
          patch: { orgUnitId: town.villageId, removed: true },
        })
      }),
    ),
    record: attempt(() =>
      who.write((tx) =>
        recordEvent(
          tx,
          viewer,
          parsed('course.record', {
            requestId: requestId(),
            matterId: made.matterId,
            handlingId: null,
            patch: { kind: 'note', happenedOn: TODAY, text: '旁注' },
          }),
        ),
      ),
    ),
    continued: attempt(() =>
      town.register(who, { matterId: made.matterId, person: { create: { name: '某某' } } }),
    ),
  }
}

/** Routes that tell of the matter: by its id, number, story or the id of its party. */
function leaks(who: Person, made: Registered, secretWord: string): string[] {
  const found = everything(who, made, secretWord)
  return Object.entries(found)
    .filter(([, text]) =>
      [made.matterId, made.number, made.personId, secretWord].some((one) => text.includes(one)),
    )
    .map(([route]) => route)
}

beforeAll(() => {
  town = createTown('visibility')
  clerk = town.staff('wang', 'clerk')
  director = town.staff('zhou', 'director')
  mediator = town.staff('li', 'mediator')
  otherClerk = town.staff('qian', 'clerk')
  leader = town.staff('sun', 'leader')
  villageClerk = town.staff('cun', 'clerk', { orgUnitId: town.committeeId })
  cousin = town.staff('qin', 'clerk', { phone: '15400000077' })
  // So that lists are not empty for those who may see nothing of the others.
  town.register(clerk, { person: { create: { name: '普通人' } }, description: '平常小事' })
})
afterAll(() => {
  town.dispose()
})

describe('a complaint about a village', () => {
  let made: Registered
  beforeAll(() => {
    made = town.register(clerk, {
      person: { create: { name: '赵铁柱' } },
      description: '村务公开有问题甲乙丙',
      respondentUnitIds: [town.villageId],
    })
  })

  it('is refused to the people of the village and its committee by every route', () => {
    expect(leaks(villageClerk, made, '甲乙丙')).toEqual([])
    const director2 = town.staff('cunzhang', 'director', { orgUnitId: town.villageId })
    expect(leaks(director2, made, '甲乙丙')).toEqual([])
  })

  it('is shown to the others, so that the test above can fail', () => {
    const shown = everything(otherClerk, made, '甲乙丙')
    const refused = Object.entries(shown).filter(([, text]) => text.startsWith('refused'))
    expect(refused).toEqual([])
    expect(leaks(otherClerk, made, '甲乙丙')).toContain('search')
  })

  it('counts in the numbers of everybody', () => {
    expect(monthCounts(town.base.db, MONTH, TODAY).matters).toBeGreaterThanOrEqual(2)
  })

  it('is recognised when the committee is typed as a name', () => {
    const typed = town.register(clerk, {
      person: { create: { name: '赵铁柱' } },
      description: '戊己庚',
      opponents: [{ name: '石埠村村委会', isUnit: true }],
    })
    expect(leaks(villageClerk, typed, '戊己庚')).toEqual([])
  })
})

describe('a matter of the own household', () => {
  it('is refused to the staff member by every route', () => {
    const made = town.register(clerk, {
      person: {
        create: {
          name: '赵铁柱',
          phone: '15400000077',
          orgUnitId: town.otherVillageId,
          address: '三组12号',
        },
      },
      description: '邻居吵架子丑寅',
    })
    expect(leaks(cousin, made, '子丑寅')).toEqual([])
    expect(leaks(otherClerk, made, '子丑寅')).toContain('get')
    const household = town.register(clerk, {
      person: {
        create: { name: '赵铁柱', orgUnitId: town.otherVillageId, address: '三组12号' },
      },
      description: '卯辰巳',
    })
    expect(leaks(cousin, household, '卯辰巳')).toEqual([])
    const byPhone = town.register(clerk, { person: { create: { name: '旁人' } }, description: '午未申' })
    clerk.write((tx, viewer) =>
      saveParty(tx, viewer, {
        requestId: requestId(),
        basis: 0,
        matterId: byPhone.matterId,
        partyId: null,
        patch: { name: '赵铁柱', phone: '15400000077' },
      }),
    )
    expect(leaks(cousin, byPhone, '午未申')).toEqual([])
  })
})

describe('a secret matter', () => {
  it('is known to the registering clerk, the assigned mediator and the director alone', () => {
    const made = town.register(clerk, {
      person: { create: { name: '赵铁柱' } },
      description: '天地玄黄',
    })
    const handlingId = town.handlingOf(made.matterId)
    town.steer(clerk, made.matterId, handlingId, 'accepted')
    director.write((tx) => {
      patchRow(tx, 'matter', made.matterId, { confidentiality: 'secret' })
    })
    expect(leaks(otherClerk, made, '天地玄黄')).toEqual([])
    expect(leaks(leader, made, '天地玄黄')).toEqual([])
    expect(leaks(mediator, made, '天地玄黄')).toEqual([])
    town.steer(director, made.matterId, handlingId, 'assigned', { mediatorIds: [mediator.staffId] })
    for (const who of [clerk, director, mediator]) expect(leaks(who, made, '天地玄黄')).toContain('get')
  })
})

describe('a sensitive matter', () => {
  it('tells others that there is something, and whom to ask; its story cannot be searched for', () => {
    const made = town.register(clerk, {
      person: { create: { name: '赵铁柱' } },
      category: '0101',
      description: '宇宙洪荒',
    })
    const shown = everything(otherClerk, made, '宇宙洪荒')
    for (const route of ['list', 'owed', 'searchName', 'behindMatters', 'ledger']) {
      expect(shown[route]).not.toContain('宇宙洪荒')
      expect(shown[route]).toContain('有既往事项，请问承办人 工作人员wang')
    }
    expect(shown['search']).not.toContain(made.matterId)
    expect(shown['listByText']).not.toContain(made.matterId)
    expect(shown['visits']).not.toContain('宇宙洪荒')
    expect(shown['notice']).toBe('refused NEEDS_CONFIRMATION')
    expect(shown['edit']).toBe('refused FORBIDDEN')
    expect(shown['get']).toContain('宇宙洪荒')
    const unasked = (): unknown =>
      getMatter(town.base.db, otherClerk.viewer(), { id: made.matterId, reason: '' }, TODAY)
    expect(unasked).toThrow('请问承办人')
    expect(everything(clerk, made, '宇宙洪荒')['search']).toContain(made.matterId)
  })
})

it('hides names of minors in lists and prints, and marks them in records', () => {
  const made = town.register(clerk, {
    person: { create: { name: '钱小宝', birthDate: '2012-05-01' } },
    description: '校园矛盾',
  })
  const list = JSON.stringify(
    listMatters(town.base.db, clerk.viewer(), parsed('matter.list', { text: made.number }), TODAY),
  )
  expect(list).toContain('钱某（未成年人）')
  expect(list).not.toContain('钱小宝')
  const record = getMatter(town.base.db, clerk.viewer(), { id: made.matterId, reason: '' }, TODAY)
  expect(toWire(record, 'reviewer').parties[0]?.name).toBe('钱某（未成年人）')
  expect(toWire(record, 'clerk').parties[0]?.name).toBe('钱小宝')
})
