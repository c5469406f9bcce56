/** From nothing to a sign-in field one can type in, beside an Electron window that shows one field and nothing else. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright'
import { buildDemo } from '../../electron/core/demo/build'
import { compare, type Comparison } from './measure'

const ROUNDS = 7
const PATIENCE = 120_000

const EMPTY_MAIN = `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1366, height: 768 })
  window.loadURL('data:text/html;charset=utf-8,' + encodeURIComponent('<label>账号<input></label>'))
})
app.on('window-all-closed', () => app.quit())
`

interface Started {
  /** Milliseconds until there was a window. */
  readonly window: number
  /** Milliseconds until its field took typing. */
  readonly field: number
}

/** Starts, waits until the field takes typing, ends. */
async function startOnce(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<Started> {
  const before = performance.now()
  const app = await _electron.launch({
    args: ['--no-sandbox', '--disable-gpu', ...args],
    env,
    cwd,
    timeout: PATIENCE,
  })
  const { pid } = app.process()
  try {
    const page = await app.firstWindow({ timeout: PATIENCE })
    const window = performance.now() - before
    const field = page.getByLabel('账号').first()
    await field.waitFor({ timeout: PATIENCE })
    await field.fill('clerk', { timeout: PATIENCE })
    return { window, field: performance.now() - before }
  } finally {
    await Promise.race([
      app.close().catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 10_000)),
    ])
    endGroup(pid)
  }
}

const inWords = ({ window, field }: Started): string =>
  `${Math.round(window)} 毫秒见窗口，${Math.round(field)} 毫秒可输入`

/** Playwright starts Electron as the leader of a group of its own. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // Nothing left, as it should be.
  }
}

/** A screen to draw on where there is none. */
async function screen(): Promise<{ readonly display: string; readonly server: ChildProcess } | null> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1920x1080x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const display = await new Promise<string>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error('Xvfb ended')))
    server.stdout.once('data', (chunk: Buffer) => resolve(`:${chunk.toString('utf8').trim()}`))
  }).catch(() => null)
  return display === null ? null : { display, server }
}

/** @returns the comparison, or why there is none */
export async function measureStart(root: string, told: (line: string) => void): Promise<Comparison | string> {
  const needed = process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']
  const drawn = needed ? await screen() : null
  if (needed && drawn === null) return '没有显示器，也没有 Xvfb，未测启动。'
  const place = mkdtempSync(join(tmpdir(), 'maotiao-bench-'))
  try {
    const empty = join(place, 'empty')
    mkdirSync(empty)
    writeFileSync(join(empty, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.cjs' }))
    writeFileSync(join(empty, 'main.cjs'), EMPTY_MAIN)
    const dataDir = join(place, 'data')
    await buildDemo({ dataDir, matters: 30, seed: 'bench' })
    const env = {
      ...environment(),
      XDG_CONFIG_HOME: join(place, 'config'),
      ...(drawn ? { DISPLAY: drawn.display } : {}),
    }
    const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] }
    for (let round = -1; round < ROUNDS; round++) {
      const bare = await startOnce([empty], env, place)
      const ours = await startOnce([root, '--data', dataDir], env, root)
      told(`启动：空窗口 ${inWords(bare)}；矛调工作台 ${inWords(ours)}`)
      if (round < 0) continue
      times.bare.push(bare.field)
      times.ours.push(ours.field)
    }
    const what = {
      group: '启动',
      name: '到可以输入账号',
      goal: 1.5,
      allowance: 0,
      note: '对比同一轮里的空 Electron 窗口',
    }
    return compare(what, times)
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 5 })
    drawn?.server.kill()
  }
}

function environment(): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = process.env
  return Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
