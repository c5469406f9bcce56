import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { searchEverything } from '../../db/queries/search'
import { listMatters } from '../../db/queries/matter-list'
import { suggestPersons } from '../../db/queries/person'
import { asciiText, bodyText, pinyinText, searchQuery } from '../../db/derived/tokens'
import { sql } from '../../db/sql'
import { createTown, parsed, type Person, type Town } from '../helpers/town'

const TODAY = '2026-03-02'
let town: Town
let clerk: Person
beforeAll(() => {
  town = createTown('search')
  clerk = town.staff('wang', 'clerk')
})
afterAll(() => {
  town.dispose()
})

const found = (text: string): readonly string[] =>
  searchEverything(town.base.db, clerk.viewer(), { text, after: null, limit: 200 }, TODAY).rows.map(
    (row) => row.id,
  )
const suggested = (query: { name?: string; phone?: string; idNumber?: string }): unknown[] =>
  suggestPersons(
    town.base.db,
    clerk.viewer(),
    { name: '', phone: '', idNumber: '', orgUnitId: null, ...query },
    TODAY,
  ).map((hit) => hit.name)

describe('finding substrings', () => {
  // A small alphabet, so that substrings really occur; a rare character beyond the basic plane; digits and letters.
  const letters = [...'李王张水沟路墙地界𠮷〇一二三石埠', ...'0137ab']
  const text = (min: number, max: number): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...letters), { minLength: min, maxLength: max }).map((list) => list.join(''))

  it('finds whatever LIKE finds, and nothing that does not hold the characters', () => {
    const told = fc.sample(text(1, 30), { seed: 20260302, numRuns: 150 })
    const ids = told.map((description) =>
      town.register(clerk, { person: { create: { name: '某' } }, way: '', description }),
    )
    const stories = new Map(ids.map((made, index) => [made.matterId, told[index] ?? '']))
    let hits = 0
    fc.assert(
      fc.property(text(1, 4), (query) => {
        const like = town.base.db
          .all<{ id: string }>(
            sql`SELECT id FROM matter WHERE instr(lower(description), lower(${query})) > 0`,
          )
          .map((row) => row.id)
        const matters = found(query).filter((id) => stories.has(id))
        hits += like.length
        for (const id of like) expect(matters).toContain(id)
        if (!/^[0-9a-z]+$/.test(query)) expect(matters.length).toBe(like.length)
      }),
      { seed: 7, numRuns: 300 },
    )
    expect(hits).toBeGreaterThan(300)
  })

  it('takes what is typed as text, never as operators', () => {
    for (const text of ['"', '*', 'a OR b', 'NEAR(', '沟" OR "水', 'body:水', '(', '-', '^', '  '])
      expect(() => found(text)).not.toThrow()
    expect(searchQuery('，。')).toBeNull()
  })

  it('finds numbers, ends of telephones, pinyin and initials', () => {
    const made = town.register(clerk, {
      person: { create: { name: '单晓燕', phone: '15455667788' } },
      opponents: [{ name: '曾阿牛', isUnit: false }],
      description: '果园边界',
    })
    for (const text of [
      made.number,
      made.number.replaceAll('-', '.'),
      '7788',
      '154556',
      'shanxiaoyan',
      'sxy',
    ])
      expect(found(text), text).toContain(made.matterId)
    for (const text of ['danxiaoyan', 'zengan', 'zan', '曾阿', '果园 单晓', '曾阿牛 果'])
      expect(found(text), text).toContain(made.matterId)
    expect(found('曾阿牛 苹果')).not.toContain(made.matterId)
    expect(found('shanxiaoyan')).toContain(made.personId)
  })
})

it('suggests who it may be, with the reason, and merged persons once', () => {
  const first = town.register(clerk, {
    person: {
      create: { name: '欧阳晓明', phone: '15400005521', idNumber: '11010519491231002X' },
    },
  })
  town.register(clerk, { person: { create: { name: '欧阳小明', phone: '15411115521' } } })
  expect(suggested({ name: '欧阳晓明', phone: '5521' })).toEqual(['欧阳晓明', '欧阳小明'])
  expect(suggested({ phone: '15400005521' })[0]).toBe('欧阳晓明')
  expect(suggested({ idNumber: '11010519491231002x' })).toEqual(['欧阳晓明'])
  expect(suggested({ name: '不存在的人' })).toEqual([])
  const again = town.register(clerk, { person: { create: { name: '欧阳晓明' } } })
  clerk.write((tx) => {
    tx.run(sql`INSERT INTO person_alias (id, org_id, from_id, to_id, voided)
      VALUES (${tx.newId()}, ${town.centreId}, ${again.personId}, ${first.personId}, 0)`)
  })
  expect(suggested({ name: '欧阳晓明' }).filter((name) => name === '欧阳晓明')).toHaveLength(1)
})

it('finds a matter by what was said at a later visit', () => {
  const { matterId, personId } = town.register(clerk, { description: '先说树' })
  town.register(clerk, { matterId, person: { id: personId }, description: '后来说起蜂箱' })
  expect(found('蜂箱')).toContain(matterId)
})

it('forgets what was changed', () => {
  const made = town.register(clerk, { description: '原来写着荔枝树' })
  expect(found('荔枝')).toContain(made.matterId)
  clerk.write((tx) => {
    tx.run(sql`UPDATE matter SET description = '改为龙眼树' WHERE id = ${made.matterId}`)
    tx.run(sql`UPDATE visit SET description = '改为龙眼树' WHERE matter_id = ${made.matterId}`)
  })
  expect(found('荔枝')).not.toContain(made.matterId)
  expect(found('龙眼')).toContain(made.matterId)
})

it('pages by key: every row once, whatever the order', () => {
  for (const order of ['newest', 'due'] as const) {
    const seen: string[] = []
    let after: string | null = null
    let total = 0
    do {
      const page = listMatters(
        town.base.db,
        clerk.viewer(),
        parsed('matter.list', { order, after, limit: 17 }),
        TODAY,
      )
      seen.push(...page.rows.map((row) => row.id))
      after = page.next
      total = page.total
    } while (after !== null)
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
  }
  const hits: string[] = []
  let after: string | null = null
  do {
    const page = searchEverything(town.base.db, clerk.viewer(), { text: '水', after, limit: 7 }, TODAY)
    hits.push(...page.rows.map((row) => row.id))
    after = page.next
    if (after === null) expect(hits).toHaveLength(page.total)
  } while (after !== null)
})

describe('tokens', () => {
  it('are one per character, runs with their endings, readings of surnames', () => {
    expect(bodyText('张３组，A座')).toBe('张 3 组 a 座')
    expect(asciiText('26-03-0128')).toContain('260128'.slice(2))
    expect(asciiText('电话154-0000')).toContain('0000')
    expect(pinyinText(['单雄信'])).toContain('shanxiongxin')
    expect(pinyinText(['单雄信'])).toContain('danxiongxin')
    expect(pinyinText(['吕布'])).toContain('lvbu')
  })
})
