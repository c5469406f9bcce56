import { afterAll, describe, expect, it } from 'vitest'
import { COMPARTMENTS } from '../../domain/compartments'
import { checkAreaCode } from '../../domain/rules/areaCode'
import { signIn } from '../../db/accounts/account'
import { readKeysFile } from '../../db/keys/file'
import { closeStore, openStore } from '../../db/open'
import { logicalDump } from '../../db/replication/dump'
import { verifyStore } from '../../db/replication/verify'
import { sql } from '../../db/sql'
import type { Compartment } from '../../domain/compartments'
import type { Store } from '../../db/store'
import { buildDemo } from '../../electron/core/demo/build'
import { AREA_CODE, DEMO_PASSWORD } from '../../electron/core/demo/town'
import { seededRandom, testClock } from '../helpers/clock'
import { TEST_COST, testFolder } from '../helpers/store'

const folders = [testFolder(), testFolder(), testFolder()]
afterAll(() => {
  for (const folder of folders) folder.remove()
})
const HOLDER: Readonly<Record<Compartment, string>> = {
  base: 'admin',
  psych: 'psych',
  roster: 'roster',
  children: 'child',
}

/** Opens a compartment of a town with the password that everybody knows. */
function within<T>(dataDir: string, compartment: Compartment, work: (store: Store) => T): T {
  const clock = testClock(Date.parse('2026-11-02T09:00:00+08:00'))
  const { account } = signIn({
    dataDir,
    account: HOLDER[compartment],
    password: DEMO_PASSWORD,
    clock,
    uptime: () => 1000,
  })
  const keys = account.compartmentKeys(readKeysFile(dataDir), compartment)
  const store = openStore({ dataDir, compartment, keys, clock, random: seededRandom('reader') })
  try {
    return work(store)
  } finally {
    closeStore(store)
  }
}

const dumpOf = (dataDir: string, compartment: Compartment): string =>
  within(dataDir, compartment, (store) => [...logicalDump(store.db, compartment)].join('\n'))
const folderOf = (index: number): string => folders[index]?.path ?? ''

describe('the invented town', () => {
  it('is the same for the same seed in every compartment, and another for another seed', async () => {
    const make = (index: number, seed: string) =>
      buildDemo({ dataDir: folderOf(index), matters: 60, seed, cost: TEST_COST })
    const first = await make(0, 'same')
    const second = await make(1, 'same')
    await make(2, 'other')
    for (const compartment of COMPARTMENTS) {
      const dump = dumpOf(folderOf(0), compartment)
      expect(dumpOf(folderOf(1), compartment), compartment).toBe(dump)
      if (compartment !== 'children') expect(dumpOf(folderOf(2), compartment)).not.toBe(dump)
    }
    // Keys never come from the seed.
    expect(Buffer.from(first.recoverySecret).equals(Buffer.from(second.recoverySecret))).toBe(false)
  })

  it('holds what a year holds, made through the services: its files verify', () => {
    const many = within(folderOf(0), 'base', (store) => {
      const count = (query: ReturnType<typeof sql>): number => store.db.get<{ n: number }>(query)?.n ?? 0
      expect(verifyStore(store)).toEqual([])
      return {
        matters: count(sql`SELECT count(*) AS n FROM matter`),
        numbered: count(
          sql`SELECT count(DISTINCT subject_id) AS n FROM number_issue WHERE series = 'matter'`,
        ),
        states: count(sql`SELECT count(DISTINCT state) AS n FROM matter_state`),
        questions: count(sql`SELECT count(*) AS n FROM visit WHERE is_question = 1`),
        told: count(sql`SELECT count(DISTINCT description) AS n FROM matter`),
        letters: count(sql`SELECT count(*) AS n FROM sealed_item WHERE state <> 'sent'`),
        waiting: count(sql`SELECT count(*) AS n FROM sealed_item WHERE state = 'sent'`),
      }
    })
    expect(many).toMatchObject({ matters: 60, numbered: 60, questions: 30, waiting: 0 })
    expect(many.states).toBeGreaterThan(6)
    expect(many.told).toBeGreaterThan(50)
    expect(many.letters).toBeGreaterThan(3)
  })

  it('can be worked on by those who hold its lists', () => {
    const referrals = within(folderOf(0), 'psych', (store) =>
      store.db.all<{ state: string }>(sql`SELECT state FROM referral`),
    )
    expect(referrals.length).toBeGreaterThan(3)
    const visits = within(folderOf(0), 'roster', (store) =>
      store.db.all(sql`SELECT v.id FROM roster_visit v JOIN roster_entry e ON e.id = v.entry_id`),
    )
    expect(visits.length).toBeGreaterThan(2)
  })

  it('belongs to nobody: area, documents and telephones were never given out', () => {
    expect(checkAreaCode(AREA_CODE).ok).toBe(true)
    within(folderOf(0), 'base', (store) => {
      const people = store.db.all<{ id_number: string; phone: string }>(
        sql`SELECT id_number, phone FROM person`,
      )
      expect(people.length).toBeGreaterThan(30)
      for (const person of people) {
        expect(person.id_number).toMatch(/^(99.{16})?$/)
        expect(person.phone).toMatch(/^(154\d{8})?$/)
      }
    })
  })
})
