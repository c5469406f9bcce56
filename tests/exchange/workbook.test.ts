import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCentre, visitInput, type Centre } from '../helpers/terminals'

const soffice = ['/usr/bin/soffice', '/usr/lib/libreoffice/program/soffice'].find((path) => existsSync(path))
let centre: Centre
beforeAll(async () => {
  centre = await createCentre()
})
afterAll(() => centre.dispose())

/** Rows of a CSV text: quoted cells may hold commas, quotes and line ends. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\n') rows.push([])
    if (end === '') break
  }
  return rows
}

test('LibreOffice opens the month’s workbook: the same rows, text stays text, numbers stay numbers', async () => {
  if (soffice === undefined) throw new Error('apt-get install -y libreoffice-calc')
  const wang = await centre.first.seat('wang')
  const formula = '=HYPERLINK("http://evil.example","点我")'
  const names = ['陈大山', '何秀英', '周小云']
  for (const name of [...names, '=1+1', formula]) await wang.call('visit.register', visitInput(name))
  const path = join(centre.root, '月报.xlsx')
  const { rows } = await wang.call('month.export', { month: '2026-03', out: wang.path(path) })
  expect(rows).toBe(5)
  expect(readFileSync(path).subarray(0, 2).toString('latin1')).toBe('PK')
  const out = join(centre.root, 'csv')
  // Every sheet becomes a file of its own; a profile of the test's own, so that two runs do not meet.
  const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
  const profile = `-env:UserInstallation=file://${join(centre.root, 'profile')}`
  execFileSync(soffice, [profile, '--headless', '--convert-to', filter, '--outdir', out, path], {
    stdio: 'ignore',
    timeout: 110_000,
  })
  const sheets = new Map(
    readdirSync(out).map((name) => [
      name.replace(/^月报-/, '').replace(/\.csv$/, ''),
      rowsOf(
        readFileSync(join(out, name), 'utf8')
          .replace(/^\ufeff/, '')
          .trimEnd(),
      ),
    ]),
  )
  expect([...sheets.keys()].sort()).toEqual(['台账', '按村（社区）', '按类别', '按调解员', '月报'].sort())
  const counts = await wang.call('month.counts', { month: '2026-03' })
  const summary = new Map(sheets.get('月报')?.map(([label, value]) => [label, value]))
  expect([...summary].find(([label]) => label?.startsWith('来访（') === true)?.[1]).toBe(
    String(counts.visits),
  )
  expect(summary.get('登记事项（件）')).toBe(String(counts.matters))
  const ledger = sheets.get('台账') ?? []
  expect(ledger).toHaveLength(6)
  const text = ledger.map((row) => row.join('\n')).join('\n')
  for (const name of names) expect(text).toContain(name)
  // What begins like a formula is neither counted nor a link.
  const applicant = ledger[0]?.indexOf('申请人') ?? -1
  const applicants = ledger.slice(1).map((row) => row[applicant])
  expect(applicants.sort()).toEqual([...names, '=1+1', formula].sort())
  expect(ledger.flat()).not.toContain('2')
  expect(ledger.flat()).not.toContain('点我')
}, 120_000)

test('a month with nothing is a report of nothing', async () => {
  const wang = await centre.first.seat('wang')
  const path = join(centre.root, '空.xlsx')
  expect(await wang.call('month.export', { month: '2025-07', out: wang.path(path) })).toMatchObject({
    rows: 0,
  })
  expect(existsSync(path)).toBe(true)
})
