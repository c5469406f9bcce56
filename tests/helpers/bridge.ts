/** A test's own line to the core and to the main process, beside the one of the window's client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import type { Bridge, BridgeMessage } from '../../domain/contract/native'
import type { Result } from '../../domain/errors'

declare global {
  interface Window {
    readonly maotiao: Bridge
    shellTest: { port: MessagePort | null; told: BridgeMessage[]; closed: number }
  }
}

/** A folder of the test's own for what it writes, its window profiles (the instance lock lies there) and its dialogs. */
export function testPlace() {
  const place = mkdtempSync(join(tmpdir(), 'maotiao-shell-'))
  const answers = join(place, 'dialogs.json')
  const answerDialogs = (...paths: (string | null)[]) => writeFileSync(answers, JSON.stringify(paths))
  answerDialogs()
  return {
    place,
    /** What the next dialogs answer: a path, or null for a closed one. */
    answerDialogs,
    env: { XDG_CONFIG_HOME: join(place, 'config'), MAOTIAO_TEST_DIALOG: answers },
    remove: () => rmSync(place, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** Asks for a port of the test's own; the window's client keeps the one it has. */
export async function openPort(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        window.shellTest = { port: null, told: [], closed: 0 }
        addEventListener(
          'message',
          ({ data }: MessageEvent<BridgeMessage>) => void window.shellTest.told.push(data),
        )
        addEventListener(
          'message',
          (event) => {
            event.stopImmediatePropagation()
            const port = event.ports[0] ?? null
            window.shellTest.port = port
            port?.addEventListener('close', () => (window.shellTest.closed += 1))
            port?.start()
            resolve()
          },
          { capture: true, once: true },
        )
        window.maotiao.connect()
      }),
  )
}
/** One question over the test's port. */
export function ask(page: Page, route: string, input: unknown): Promise<Result<unknown>> {
  return page.evaluate(
    ({ route, input }) =>
      new Promise((resolve) => {
        const { port } = window.shellTest
        const id = Math.random()
        port?.addEventListener(
          'message',
          ({ data }: MessageEvent<{ id: number; result: Result<unknown> }>) => {
            if (data.id === id) resolve(data.result)
          },
        )
        port?.postMessage({ id, route, input })
      }),
    { route, input },
  )
}
export const native = (page: Page, name: string, input: unknown) =>
  page.evaluate(({ name, input }) => window.maotiao.native(name, input), { name, input })
/** What main told the window since the test's port was opened. */
export const told = (page: Page) => page.evaluate(() => window.shellTest.told)

export async function corePid(app: ElectronApplication): Promise<number> {
  const pid = await app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'maotiao-core')?.pid,
  )
  if (pid === undefined) throw new Error('no core process')
  return pid
}

/** Asks again for five seconds. */
export const until = async (what: string, check: () => Promise<boolean>) => {
  for (let tries = 0; tries < 100; tries++) {
    if (await check()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`waited in vain: ${what}`)
}
