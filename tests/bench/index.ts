/**
 * `npm run bench [-- --matters N] [--json] [--only start|data] [--explain]`: prints what is, good or bad, as ratios to a
 * limit measured in the same run. It asserts nothing and ends with 0.
 */
import { parseArgs } from 'node:util'
import { datasetOf, openPlain } from './dataset'
import { openDesk } from './desk'
import { explained } from './explain'
import { measure, type Case, type Comparison } from './measure'
import { readCases } from './reads'
import { mattersIn, saveCases } from './saves'
import { measureStart } from './start'

const { values } = parseArgs({
  options: {
    matters: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
})
const root = process.cwd()
const told = (line: string): void => void process.stderr.write(`${line}\n`)

interface Report {
  readonly matters: number
  readonly madeInSeconds: number | null
  readonly results: readonly Comparison[]
  readonly notes: readonly string[]
}

async function measureData(matters: number, notes: string[]): Promise<Omit<Report, 'notes'>> {
  const { dataDir, plainFile, madeIn } = datasetOf(root, matters, told)
  const desk = openDesk(dataDir, { clerk: 'clerk', director: 'director' })
  const plain = openPlain(plainFile)
  const results: Comparison[] = []
  try {
    notes.push(
      `数据：${mattersIn(desk)} 件事项；批量写入（writeTx，含变更、封存、检索），不经过服务的检查；一万件以上是前一万件换编号的副本`,
    )
    const cases: Case[] = [...readCases(desk), ...saveCases(desk, plain)]
    for (const one of cases) {
      told(`正在测：${one.group} ${one.name}`)
      const result = await measure(one)
      results.push(result)
      if (values.explain) notes.push(`${one.group} ${one.name}`, ...(await explained(desk, one.ours)))
    }
    return { matters, madeInSeconds: madeIn, results }
  } finally {
    plain.close()
    desk.close()
  }
}

/** Chinese characters take two places on a terminal. */
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0)
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(1, width - widthOf(text)))
const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 0)

function table(results: readonly Comparison[]): string[] {
  const head = ['项目', '我们 中位/p95 毫秒', '对照 中位/p95 毫秒', '倍数', '目标', '']
  const rows = results.map((one) => [
    `${one.group} ${one.name}`,
    `${ms(one.ours.median)} / ${ms(one.ours.p95)}`,
    `${ms(one.bare.median)} / ${ms(one.bare.p95)}`,
    one.ratio.toFixed(2),
    one.allowance === 0 ? `≤ ${one.goal}` : `≤ ${one.goal} 加 ${one.allowance} 毫秒`,
    one.met ? '达标' : '未达标',
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? '') + 2)),
  )
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join('')
      .trimEnd(),
  )
}

const matters = Number(values.matters)
if (!Number.isInteger(matters) || matters < 100) throw new Error('--matters: 不小于 100 的整数')
const notes: string[] = []
const start = values.only === 'data' ? null : await measureStart(root, told)
if (typeof start === 'string') notes.push(start)
const data = values.only === 'start' ? null : await measureData(matters, notes)
const results = [...(start === null || typeof start === 'string' ? [] : [start]), ...(data?.results ?? [])]
const report: Report = { matters, madeInSeconds: data?.madeInSeconds ?? null, results, notes }
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
else process.stdout.write(`${[...table(results), '', ...notes].join('\n')}\n`)
