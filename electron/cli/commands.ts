/** The commands that work on a data folder, each a few calls of routes. */
import { readFile } from 'node:fs/promises'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { ROUTES, type RawInput, type RouteName } from '../../domain/contract'
import type { ImportOutcome } from '../../domain/contract/exchange'
import { z } from 'zod'
import { Refused } from './output'
import { CLI, type Runner } from './runner'
import { ask, askPassword, readStandardInput } from './prompt'

export interface InitOptions {
  readonly centre: string
  readonly area: string
  readonly admin: string
  readonly adminName?: string
  readonly terminal: string
}

export async function init(runner: Runner, options: InitOptions): Promise<void> {
  const password = await askPassword('管理员密码')
  const made = await runner.call('setup.found', {
    centreName: options.centre,
    areaCode: options.area,
    terminalName: options.terminal,
    adminName: options.adminName ?? options.admin,
    adminAccount: options.admin,
    password,
  })
  runner.printer.result(
    ['中心已建立。请抄下或打印恢复单并锁好，它只显示这一次：', '', made.recoverySheet],
    made,
  )
}

export async function joinRequest(runner: Runner, out: string, terminalName: string): Promise<void> {
  const password = await askPassword('加入期间的密码')
  const made = await runner.call('join.request', { terminalName, password, out: runner.path(out) })
  runner.printer.result([`加入申请已写入 ${out}`, `核对码：${made.checkWords}`], made)
}

export async function joinAnswer(
  runner: Runner,
  request: string,
  out: string,
  words: string | undefined,
): Promise<void> {
  await runner.signIn()
  const checkWords = words ?? (await ask('请输入新终端屏幕上的核对码'))
  const made = await runner.call('join.answer', {
    request: runner.path(request),
    checkWords,
    out: runner.path(out),
  })
  runner.printer.result(
    [
      `已同意“${made.terminalName}”加入，终端号 ${made.terminalNumber}`,
      `答复已写入 ${out}`,
      `本中心核对码：${made.centreWords}`,
    ],
    made,
  )
}

export async function joinFinish(
  runner: Runner,
  answer: string,
  account: string,
  confirm: 'asked' | 'given',
): Promise<void> {
  const password = await askPassword('加入期间的密码')
  const token = runner.path(answer)
  const seen = await runner.call('join.inspect', { answer: token, password })
  runner.printer.note(`${seen.centreName}，终端号 ${seen.terminalNumber}，中心核对码：${seen.centreWords}`)
  if (
    confirm === 'asked' &&
    !/^(y|yes|是|一致)$/i.test((await ask('与准入终端上的核对码一致吗（是/否）')).trim())
  ) {
    throw new Refused({
      code: 'CHECK_WORDS_WRONG',
      message: '核对码不一致，没有加入。请联系准入终端重新办理。',
    })
  }
  const accountPassword = process.env['MAOTIAO_PASSWORD'] ?? (await askPassword('账号密码'))
  const made = await runner.call('join.finish', {
    answer: token,
    password,
    account,
    accountPassword,
    confirmedWords: true,
  })
  runner.printer.result([`已加入${made.centreName}，终端号 ${made.terminalNumber}`], made)
}

export async function callRoute(runner: Runner, name: string, source: string | undefined): Promise<void> {
  if (!Object.hasOwn(ROUTES, name))
    throw new Refused({ code: 'ROUTE_NOT_FOUND', message: `没有这个功能：${name}` })
  const text =
    source === undefined ? '{}' : source === '-' ? await readStandardInput() : await readFile(source, 'utf8')
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch {
    throw new Refused({ code: 'BAD_INPUT', message: '输入不是正确的 JSON。' })
  }
  // The router parses it; the cast only says that it is somebody's input.
  const output: unknown = await runner.call(
    name as RouteName,
    withPaths(runner, input) as RawInput<RouteName>,
  )
  runner.printer.raw(`${JSON.stringify(output, null, 1)}\n`)
}

/** Where a route takes a path token, the command line may name the path as `{"path": "…"}`. */
function withPaths(runner: Runner, input: unknown): unknown {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return input
  return Object.fromEntries(
    Object.entries(input).map(([key, value]: [string, unknown]) => {
      const named =
        value !== null && typeof value === 'object' && 'path' in value && typeof value.path === 'string'
      return [key, named ? runner.path(String((value as { path: string }).path)) : value]
    }),
  )
}

export async function stats(runner: Runner, month: string, out: string): Promise<void> {
  await runner.signIn()
  const counts = await runner.call('month.counts', { month })
  const made = await runner.call('month.export', { month, out: runner.path(out) })
  runner.printer.result(
    [
      `${month}：来访 ${counts.visits} 批次，事项 ${counts.matters} 件，办理 ${counts.handlings} 件，受理 ${counts.accepted} 件，化解 ${counts.resolved} 件，超期 ${counts.overdue} 件`,
      `台账 ${made.rows} 行已写入 ${out}`,
    ],
    { counts, rows: made.rows },
  )
}

export async function identity(runner: Runner): Promise<void> {
  const shown = await runner.call('exchange.identity', {})
  runner.printer.result(
    [
      `${shown.centreName}  终端 ${shown.terminalNumber} ${shown.terminalName}`,
      `核对码：${shown.words}`,
      ...shown.replicas.map((row) => `${row.compartment}  ${row.replica}`),
    ],
    shown,
  )
}

const outcomeLines = (outcomes: readonly ImportOutcome[]): string[] =>
  outcomes.map(
    (one) =>
      `${one.fileName}：${one.message}（应用 ${one.applied}，搁置 ${one.parked}，不一致 ${one.differences}）`,
  )

export async function exchangeExport(runner: Runner, to: string, out: string): Promise<void> {
  const made = await runner.call('exchange.export', { to, out: runner.path(out) })
  runner.printer.result([`已导出 ${made.changes} 条变更`, ...made.files], made)
}

/** Quarantined or waiting files are a refusal with its reason: a script must notice. */
export async function exchangeImport(runner: Runner, from: string): Promise<void> {
  const made = await runner.call('exchange.import', { from: runner.path(from) })
  runner.printer.result(outcomeLines(made.outcomes), made)
  const bad = made.outcomes.find((one) => one.outcome === 'quarantined' || one.outcome === 'waits')
  if (bad) process.exitCode = 1
}

export async function exchangeRun(runner: Runner, signedIn: 'account' | 'carry'): Promise<void> {
  if (signedIn === 'carry') {
    const carried = runner.core.carry()
    runner.printer.result(
      [`已搬运 ${carried.out} 个待发、${carried.in} 个待收数据包；${carried.waiting} 个等登录后处理`],
      carried,
    )
    return
  }
  await runner.signIn()
  const made = await runner.call('exchange.run', {})
  runner.printer.result([`发出 ${made.sent} 个数据包`, ...outcomeLines(made.outcomes)], made)
}

export async function dump(runner: Runner, name: string): Promise<void> {
  if (!(COMPARTMENTS as readonly string[]).includes(name))
    throw new Refused({ code: 'BAD_INPUT', message: `没有这个库：${name}` })
  const compartment = name as Compartment
  await runner.signIn()
  await runner.enterPost((post) => runner.core.mayDump(post, compartment))
  for (const line of runner.core.dump(CLI, compartment)) runner.printer.raw(`${line}\n`)
}

export async function verify(runner: Runner): Promise<void> {
  await runner.signIn()
  const result = await runner.call('verify.run', {})
  runner.printer.result([...result.lines, result.ok ? '校验通过' : '校验发现问题'], result)
  if (!result.ok) process.exitCode = 1
}

export async function backup(runner: Runner, out: string): Promise<void> {
  await runner.signIn()
  const made = await runner.call('backup.make', { out: runner.path(out) })
  runner.printer.result(
    [
      `备份已写入 ${made.folder}`,
      ...made.files.map(
        (file) => `${file.compartment}：${file.verified ? '已验证' : '未验证（专库未打开，按原样复制）'}`,
      ),
    ],
    made,
  )
}

/** Every route with its permission and input schema; needs no data folder. */
export function routes(): readonly {
  name: string
  kind: string
  permission: string
  compartment: string
  input: unknown
}[] {
  return Object.entries(ROUTES).map(([name, spec]) => ({
    name,
    kind: spec.kind,
    permission: spec.permission,
    compartment: spec.compartment,
    input: z.toJSONSchema(spec.input, { unrepresentable: 'any', io: 'input' }),
  }))
}
