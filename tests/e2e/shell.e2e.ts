/** The window's walls, its line to the core, and what it may ask of the operating system. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, native, openPort, testPlace } from '../helpers/bridge'
import { launchApp, type RunningApp } from '../helpers/electron'

const { place, answerDialogs, env, remove } = testPlace()
afterAll(remove)

describe('one window', () => {
  let running: RunningApp
  let app: ElectronApplication
  let page: Page
  beforeAll(async () => {
    running = await launchApp({ env })
    ;({ app, page } = running)
    await openPort(page)
  })
  afterAll(() => running.close())

  it('shows nothing but the application’s name in its title bar, whatever the page calls itself', async () => {
    const title = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.getTitle()))
    await page.evaluate(() => {
      document.title = '张三的事'
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await title()).toEqual(['矛调工作台'])
  })

  it('asks the core and is answered; an unknown question is refused', async () => {
    const answer = await ask(page, 'setup.status', {})
    expect(answer).toMatchObject({ ok: true, data: { state: 'empty' } })
    for (const route of ['no.such', '__proto__', 'constructor']) {
      expect(await ask(page, route, {})).toMatchObject({ ok: false, error: { code: 'ROUTE_NOT_FOUND' } })
    }
  })

  it('has every wall of the checklist up', async () => {
    const wanted = {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    }
    // Not in Electron's public types; the only way to read back what a window was really given.
    const preferences = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) =>
        Reflect.apply(Reflect.get(webContents, 'getLastWebPreferences') as () => unknown, webContents, []),
      ),
    )
    expect(preferences).toHaveLength(1)
    for (const one of preferences) expect(one).toMatchObject(wanted)
    const inPage = await page.evaluate(() => ({
      require: typeof Reflect.get(window, 'require'),
      process: typeof Reflect.get(window, 'process'),
      bridge: Object.keys(window.maotiao),
      origin: location.origin,
    }))
    expect(inPage).toEqual({
      require: 'undefined',
      process: 'undefined',
      bridge: ['connect', 'native'],
      origin: 'app://maotiao',
    })
  })

  it('serves its own files under the policy, and nothing else', async () => {
    running.allowErrors(/404 \(Not Found\)/)
    const seen = await page.evaluate(async () => {
      const policy = (await fetch('/index.html')).headers.get('content-security-policy')
      const others = [
        '/../../package.json',
        '/..%2f..%2fpackage.json',
        '/index.html/',
        '/',
        '/preload/index.cjs',
      ]
      const statuses = await Promise.all(others.map(async (path) => (await fetch(path)).status))
      return { policy, statuses }
    })
    expect(seen.policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(seen.statuses).toEqual([404, 404, 404, 404, 404])
  })

  it('runs no inline script and no text as code, and reaches no network', async () => {
    running.allowErrors(/Content Security Policy|ERR_BLOCKED_BY_CLIENT/)
    const tried = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      document.body.append(script)
      const fetched = await fetch('https://example.invalid/').then(
        () => 'went out',
        () => 'refused',
      )
      // In a callback of its own: what the test driver itself evaluates is exempt from the policy.
      const evaluated = await new Promise<string>((resolve) =>
        setTimeout(() => {
          try {
            resolve(
              String(
                Reflect.apply(Reflect.get(window, 'eval') as (code: string) => unknown, null, ['1 + 1']),
              ),
            )
          } catch {
            resolve('refused')
          }
        }),
      )
      return { inline: Reflect.get(window, 'inlineRan') === true, fetched, evaluated }
    })
    expect(tried).toEqual({ inline: false, fetched: 'refused', evaluated: 'refused' })
  })

  it('stays where it is, opens no other window and gets no permission', async () => {
    const tried = await page.evaluate(async () => {
      const other = window.open('app://maotiao/index.html')
      location.href = 'https://example.invalid/'
      const frame = document.createElement('iframe')
      frame.src = 'app://maotiao/index.html'
      document.body.append(frame)
      const states = await Promise.all(
        (['notifications', 'geolocation'] as const).map(
          async (name) => (await navigator.permissions.query({ name })).state,
        ),
      )
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'given',
        () => 'refused',
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      frame.remove()
      return { other, states, camera, href: location.href }
    })
    expect(tried).toMatchObject({ other: null, states: ['denied', 'denied'], camera: 'refused' })
    expect(tried.href).toMatch(/^app:\/\/maotiao\/index\.html/)
    expect(app.windows()).toHaveLength(1)
  })

  it('gives the core a token for a chosen path, never the path to the window', async () => {
    answerDialogs(join(place, 'chosen'), null)
    const kinds = [{ name: '工作簿', extensions: ['xlsx'] }]
    const chosen = await native(page, 'dialog.save_file', {
      title: '导出',
      suggestedName: '月报.xlsx',
      kinds,
    })
    expect(chosen).toEqual({ ok: true, data: { token: expect.any(String) as string, name: 'chosen.xlsx' } })
    expect(JSON.stringify(chosen)).not.toContain(place)
    expect(await native(page, 'dialog.open_folder', { title: '选择目录' })).toEqual({ ok: true, data: null })
  })

  it('refuses native services that do not exist, are for papers only, or get nonsense', async () => {
    for (const name of ['no.such', '__proto__', 'paper.job', 'paper.close']) {
      expect(await native(page, name, {})).toMatchObject({ ok: false, error: { code: 'ROUTE_NOT_FOUND' } })
    }
    const nonsense = [{}, { title: '' }, { title: 'x', kinds: [], path: '/etc' }, null]
    for (const input of nonsense) {
      expect(await native(page, 'dialog.open_file', input)).toMatchObject({
        ok: false,
        error: { code: 'BAD_INPUT' },
      })
    }
  })

  it('keeps the type size of the terminal', async () => {
    expect(await native(page, 'app.type_size', {})).toEqual({ ok: true, data: 'normal' })
    expect(await native(page, 'app.set_type_size', { size: 'large' })).toEqual({ ok: true, data: null })
    expect(await native(page, 'app.type_size', {})).toEqual({ ok: true, data: 'large' })
    await native(page, 'app.set_type_size', { size: 'normal' })
  })

  it('writes the recovery sheet where the person says, and says when that place takes nothing', async () => {
    answerDialogs(join(place, '恢复单'), join(place, 'no', 'such', 'folder', 'x.txt'))
    const sheet = { title: '恢复单', text: 'AB12 CD34\nEF56' }
    expect(await native(page, 'app.save_text', sheet)).toEqual({ ok: true, data: { name: '恢复单.txt' } })
    expect(readFileSync(join(place, '恢复单.txt'), 'utf8')).toBe('\uFEFFAB12 CD34\r\nEF56\r\n')
    expect(await native(page, 'app.save_text', sheet)).toMatchObject({
      ok: false,
      error: { code: 'READ_ONLY' },
    })
    expect(readdirSync(place).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
