import { spawn } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleScript } from '../../build/build.mjs'
import { sql } from '../../db/sql'
import { exchangeKeys, lookInto, unpacked } from '../exchange/packages'
import { TEST_PASSWORD } from '../helpers/store'
import {
  createCentre,
  exported,
  imported,
  visitInput,
  type Centre,
  type Terminal,
} from '../helpers/terminals'
import type { ChildTask } from './core-child'

const KILLS = 200
const PACKAGES = 40
let centre: Centre
let entry = ''
const packages: string[] = []
const terminals: Terminal[] = []

beforeAll(async () => {
  // A copy of its own: another build may tidy the cache while this runs.
  const built = await bundleScript('tests/faults/core-child.ts')
  entry = join(dirname(dirname(built)), `kills-${process.pid}.mjs`)
  copyFileSync(built, entry)
  centre = await createCentre()
  const second = await centre.join('second')
  terminals.push(centre.first, second)
  const third = await centre.join('third')
  // The second terminal has to hear of the third before it believes it.
  const introduced = await exported(await centre.first.seat('wang'), join(centre.root, 'introduced'))
  await imported(await second.seat('wang'), introduced[0] ?? '')
  const wang = await third.seat('wang')
  for (let number = 0; number < PACKAGES; number++) {
    await wang.call('visit.register', visitInput(`第三台${number}`))
    packages.push(...(await exported(wang, join(centre.root, 'from-third'))))
  }
  for (const terminal of [...terminals, third]) await terminal.close()
}, 120_000)
afterAll(async () => {
  rmSync(entry, { force: true })
  await centre.dispose()
})

interface Run {
  readonly said: readonly string[]
  readonly signal: NodeJS.Signals | null
}
/**
 * One life of a core, ended with SIGKILL.
 * @param after how many promises it may make first: its start counts as the first
 * @param milliseconds from then on
 */
function live(task: ChildTask, after: number, milliseconds: number): Promise<Run> {
  const child = spawn(process.execPath, [entry, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let struck = false
  const count = (): void => {
    if (struck || text.split('\n').length - 1 < after) return
    struck = true
    setTimeout(() => child.kill('SIGKILL'), milliseconds)
  }
  count()
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
    count()
  })
  return new Promise((resolve) =>
    child.once('close', (_code, signal) => {
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      resolve({ said: whole.split('\n').filter((line) => line !== ''), signal })
    }),
  )
}

interface Told {
  kills: number
  readonly saved: Set<string>
  readonly tried: Set<string>
  readonly imported: Set<string>
  readonly refused: string[]
}

/** One folder's lives. The form that was under way when the core died is sent again under the same requestId. */
async function torment(terminal: Terminal, name: string, kills: number): Promise<Told> {
  const told: Told = { kills: 0, saved: new Set(), tried: new Set(), imported: new Set(), refused: [] }
  let next = 0
  let pending: string[] = []
  for (let life = 0; told.kills < kills; life++) {
    while (pending.length < 60) pending.push(`form-${name}-${String((next += 1)).padStart(6, '0')}`)
    const open = packages.filter((path) => !told.imported.has(path)).slice(0, 30)
    const task = { dataDir: terminal.dataDir, password: TEST_PASSWORD, forms: pending, packages: open }
    // Every eighth dies while it opens its files, the others while they work.
    const run =
      life % 8 === 0
        ? await live(task, 0, Math.random() * 900)
        : await live(task, 1 + Math.floor(Math.random() * 5), Math.random() * 60)
    if (run.signal === 'SIGKILL') told.kills += 1
    else if (!run.said.includes('done ')) throw new Error('the core died by itself')
    for (const line of run.said) {
      const [word, what = ''] = line.split(' ')
      if (word === 'saved') told.saved.add(what)
      if (word === 'imported') told.imported.add(what)
      if (word === 'refused' || word === 'log') told.refused.push(line)
    }
    const unsure = pending.find((form) => !told.saved.has(form))
    if (unsure !== undefined) told.tried.add(unsure)
    pending = pending.filter((form) => !told.saved.has(form))
  }
  return told
}

async function isWhole(terminal: Terminal, told: Told): Promise<void> {
  await terminal.reopen()
  expect(await terminal.verify()).toEqual([])
  await terminal.close()
  const identity = exchangeKeys(terminal.dataDir).identity
  const inside = await Promise.all(
    [...told.imported].map(async (path) => (await unpacked(path, identity)).changes as { row: string }[]),
  )
  lookInto(terminal.dataDir, 'base', ({ db, connection }) => {
    expect(connection.pragma('integrity_check', { simple: true })).toBe('ok')
    const rows = db.all<{ form: string; n: number }>(sql`SELECT description AS form, count(*) AS n FROM matter
      WHERE description LIKE 'form-%' GROUP BY description`)
    const count = new Map(rows.map((row) => [row.form, row.n]))
    expect([...told.saved].filter((form) => count.get(form) !== 1)).toEqual([])
    expect(rows.filter((row) => row.n !== 1)).toEqual([])
    const numbers = db.get<{ n: number; distinct: number }>(
      sql`SELECT count(*) AS n, count(DISTINCT number_text) AS "distinct" FROM number_issue`,
    )
    expect(numbers?.n).toBe(numbers?.distinct)
    const held = new Set(
      db.all<{ row_id: string }>(sql`SELECT DISTINCT row_id FROM change`).map((row) => row.row_id),
    )
    expect(inside.flat().filter((change) => !held.has(change.row))).toEqual([])
    expect(db.all(sql`SELECT * FROM parked`)).toEqual([])
  })
}

test('200 kills while saving and importing: every confirmed entry is there once, chains and integrity are whole', async () => {
  const [first, second] = terminals as [Terminal, Terminal]
  const told = await Promise.all([torment(first, 'a', KILLS / 2), torment(second, 'b', KILLS / 2)])
  const sum = (of: (one: Told) => number): number => told.reduce((total, one) => total + of(one), 0)
  console.info(
    `${sum((one) => one.kills)} kills, ${sum((one) => one.saved.size)} confirmed entries, ` +
      `${sum((one) => one.imported.size)} packages, ${sum((one) => one.tried.size)} forms sent again`,
  )
  expect(told.flatMap((one) => one.refused)).toEqual([])
  expect(sum((one) => one.kills)).toBe(KILLS)
  expect(sum((one) => one.saved.size)).toBeGreaterThan(KILLS)
  expect(sum((one) => one.imported.size)).toBeGreaterThan(PACKAGES / 2)
  await isWhole(first, told[0])
  await isWhole(second, told[1])
}, 900_000)
