import { describe, expect, it } from 'vitest'
import {
  poolProblem,
  proposeMediators,
  type AssignmentCase,
  type PoolMember,
} from '../../../domain/rules/assignment'
import { scoreMatch, type MatchFacts } from '../../../domain/rules/person-match'

const facts = (some: Partial<MatchFacts>): MatchFacts => ({
  name: '',
  pinyin: [],
  phone: '',
  idNumber: '',
  orgUnitId: null,
  birthYear: '',
  ...some,
})

describe('可能是同一人', () => {
  const zhang = facts({
    name: '张小明',
    pinyin: ['zhangxiaoming'],
    phone: '13800135521',
    idNumber: '11010519491231002X',
    orgUnitId: 'v1',
    birthYear: '1949',
  })
  it.each([
    [{ name: '张小明', orgUnitId: 'v1', phone: '138 0013 5521' }, '同名 + 同村 + 电话尾号 5521 一致'],
    [{ idNumber: '110105491231002' }, '证件号码一致'],
    [{ idNumber: '11010519491231002x', name: '章晓鸣' }, '证件号码一致'],
    [{ name: '章晓鸣', pinyin: ['zhangxiaoming'] }, '读音相同（张小明）'],
    [{ name: '张明小' }, '名字用字相同'],
    [{ name: '小明' }, '名字含所输的字'],
    [{ name: '张小明', birthYear: '1949' }, '同名 + 同为 1949 年生'],
    [{ phone: '5521' }, '电话尾号 5521 一致'],
    [{ name: '张小明', idNumber: '440524188001010014' }, '证件号码不同 + 同名'],
  ])('%j: %s', (query, reason) => {
    const match = scoreMatch(facts(query), zhang)
    expect(match.reason).toBe(reason)
    expect(match.score).toBeGreaterThan(0)
  })
  it.each([
    [{}],
    [{ orgUnitId: 'v1', birthYear: '1949' }],
    [{ name: '李四', pinyin: ['lisi'], orgUnitId: 'v1' }],
    [{ phone: '13800135522' }],
    [{ idNumber: '440524188001010014' }],
  ])('%j is not worth showing', (query) =>
    expect(scoreMatch(facts(query), zhang)).toEqual({ score: 0, reason: '' }),
  )
  it('more evidence comes first', () => {
    const id = scoreMatch(facts({ idNumber: '11010519491231002X' }), zhang).score
    const name = scoreMatch(facts({ name: '张小明', orgUnitId: 'v1' }), zhang).score
    const sound = scoreMatch(facts({ pinyin: ['zhangxiaoming'], name: '章小明' }), zhang).score
    expect(id).toBeGreaterThan(name)
    expect(name).toBeGreaterThan(sound)
  })
})

describe('指派建议和回避', () => {
  const member = (staffId: string, some: Partial<PoolMember> = {}): PoolMember => ({
    staffId,
    name: `调解员${staffId}`,
    fields: '',
    openLoad: 0,
    personId: null,
    orgUnitId: null,
    ...some,
  })
  const matter: AssignmentCase = {
    categoryText: '相邻土地建筑利用 邻里纠纷',
    orgUnitId: 'v1',
    partyPersonIds: ['p1'],
    partyNames: ['王五'],
    respondentUnitIds: ['u9'],
    relatedStaff: [
      { staffId: 'kin', relation: 'kin' },
      { staffId: 'house', relation: 'household' },
      { staffId: 'asks', relation: 'own_request' },
    ],
  }
  it('orders by field, village and load, and says why', () => {
    const pool = [
      member('c', { openLoad: 2 }),
      member('b', { orgUnitId: 'v1' }),
      member('a', { fields: '婚姻家庭、邻里', openLoad: 3 }),
    ]
    expect(proposeMediators(pool, matter).map(({ staffId, reason }) => [staffId, reason])).toEqual([
      ['a', '擅长邻里，手上在办 3 件'],
      ['b', '本村（社区）调解员，手上没有在办'],
      ['c', '手上在办 2 件'],
    ])
  })
  it.each([
    [member('x', { personId: 'p1' }), '当事人'],
    [member('x', { orgUnitId: 'u9' }), '被反映的单位'],
    [member('kin'), '近亲属'],
    [member('house'), '同住一户'],
    [member('asks'), '申请回避'],
    [member('x', { name: '王五' }), '同名'],
  ])('excludes %j', (excluded, word) => {
    const proposals = proposeMediators([excluded, member('fine', { openLoad: 40 })], matter)
    expect(proposals.map((one) => one.staffId)).toEqual(['fine', excluded.staffId])
    expect(proposals[1]?.excluded).toContain(word)
    expect(proposals[1]?.reason).toBe('')
    expect(poolProblem(proposals)).toBe('')
  })
  it('an empty pool says so and nobody is taken instead', () => {
    expect(poolProblem(proposeMediators([], matter))).toContain('还没有人')
    expect(poolProblem(proposeMediators([member('kin')], matter))).toContain('都需要回避')
  })
})
