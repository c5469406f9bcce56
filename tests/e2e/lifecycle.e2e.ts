/** Death of the core, one instance per folder, clean ends. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron } from 'playwright'
import { afterAll, describe, expect, it } from 'vitest'
import { ask, corePid, native, openPort, testPlace, told, until } from '../helpers/bridge'
import { ADMIN, PASSWORD, prepareCentre } from '../helpers/centre'
import { launchApp, projectRoot } from '../helpers/electron'

const { place, env, remove } = testPlace()
afterAll(remove)

describe('the core is killed', () => {
  it('rejects what was asked, comes back, and stops coming back at the fourth time in a minute', async () => {
    const running = await launchApp({ env })
    try {
      const { app, page } = running
      for (let round = 1; round <= 4; round++) {
        if (round === 1) await openPort(page)
        const pid = await corePid(app)
        // Stopped first, so that a question is certainly unanswered when it dies.
        process.kill(pid, 'SIGSTOP')
        const before = (await told(page)).length
        if (round === 1) {
          const lost = ask(page, 'setup.status', {})
          void lost.catch(() => undefined)
        }
        process.kill(pid, 'SIGKILL')
        if (round === 1)
          await until('the port closes', () => page.evaluate(() => window.shellTest.closed === 1))
        await until('the window is told', async () => (await told(page)).length > before)
        expect((await told(page))[before]).toEqual({ maotiao: 'gone', restarting: round <= 3 })
        if (round <= 3) {
          await until('a new port', async () =>
            (await told(page)).some((one, at) => at > before && one.maotiao === 'port'),
          )
        }
      }
      // A person asks for one more try.
      const before = (await told(page)).length
      expect(await native(page, 'app.restart_core', {})).toEqual({ ok: true, data: null })
      await until('a new port', async () => (await told(page)).length > before)
      await openPort(page)
      expect(await ask(page, 'setup.status', {})).toMatchObject({ ok: true })
    } finally {
      await running.close()
    }
  })
})

describe('long reading', () => {
  it('is done in a process of its own, one task after another', async () => {
    const dataDir = join(place, 'read')
    await prepareCentre(dataDir, [])
    const running = await launchApp({ dataDir, env })
    try {
      const { page } = running
      await openPort(page)
      await ask(page, 'session.sign_in', { account: ADMIN.account, password: PASSWORD })
      const checked = [ask(page, 'verify.run', {}), ask(page, 'verify.run', {})]
      for (const answer of await Promise.all(checked))
        expect(answer).toEqual({ ok: true, data: { ok: true, lines: ['基础库：完好'] } })
    } finally {
      await running.close()
    }
  })
})

describe('starting and ending', () => {
  it('has one instance per data folder: the second start brings the first to the front', async () => {
    const dataDir = join(place, 'shared')
    const first = await launchApp({ dataDir, env })
    const other = await launchApp({ dataDir: join(place, 'other'), env })
    try {
      const hide = () => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
      const visible = () =>
        first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
      await hide()
      const executable = first.app.process().spawnfile
      const second = spawn(
        executable,
        ['--no-sandbox', '--disable-gpu', projectRoot, '--data', `${place}/./shared/`],
        { env: { ...process.env, ...env }, stdio: 'ignore' },
      )
      expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0)
      await until('the first is in front', async () => (await visible()) === true)
      expect(other.app.windows()).toHaveLength(1)
    } finally {
      await first.close()
      await other.close()
    }
  })

  it('lets the core finish when it ends, and leaves none of its processes', async () => {
    const running = await launchApp({ env })
    await openPort(running.page)
    await ask(running.page, 'setup.status', {})
    const pids = await running.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))
    const ended = new Promise<number | null>((resolve) => running.app.process().once('exit', resolve))
    await running.app.evaluate(({ app }) => app.quit())
    expect(await ended).toBe(0)
    await running.close()
    expect(pids.filter(isAlive)).toEqual([])
    // By itself, not by force after its five seconds.
    expect(profileLogs()).not.toContain('did not end in time')
  })

  it('throws the demonstration away', async () => {
    const app = await _electron.launch({
      args: ['--no-sandbox', '--disable-gpu', projectRoot, '--demo'],
      env: { ...process.env, ...env, TMPDIR: place },
      cwd: projectRoot,
    })
    const folders = () => readdirSync(place).filter((name) => name.startsWith('maotiao-demo-'))
    await app.firstWindow()
    expect(folders()).toHaveLength(1)
    await app.close()
    expect(folders()).toEqual([])
  })
})

function profileLogs(): string {
  const names = readdirSync(env.XDG_CONFIG_HOME, { recursive: true, encoding: 'utf8' })
  const logs = names.filter((name) => name.endsWith('maotiao.log'))
  expect(logs).not.toEqual([])
  return logs.map((name) => readFileSync(join(env.XDG_CONFIG_HOME, name), 'utf8')).join('')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
