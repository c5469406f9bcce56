import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { ensureElectron } from '../../build/runtime/ensure.mjs'

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const screens = join(projectRoot, 'test-results', 'screens')

/** The screen most counters have. At 125 % it leaves 1093 × 614 CSS pixels. */
export const VIEWPORT = { width: 1366, height: 768 }

export interface LaunchOptions {
  /** An existing data folder (kept afterwards); without it the run gets an empty one of its own, removed at the end. */
  dataDir?: string
  /** Switches of the application after `--data DIR`, e.g. `['--demo']`. */
  args?: string[]
  /** Added to the environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>
}

export interface RunningApp {
  app: ElectronApplication
  /** The first window. */
  page: Page
  dataDir: string
  /** What the processes printed, for a message or a search for what must not stand there. */
  log: () => string
  /** Errors whose text matches are part of the test (a killed core, a refused file). */
  allowErrors: (pattern: RegExp) => void
  /** Throws if any window or process reported an error that was not allowed. */
  assertClean: () => void
  /** Quits, ends what is left of its processes, and checks that nothing went wrong unseen. Safe to call twice. */
  close: () => Promise<void>
}

/** What Node prints for an error nobody caught, in any of our processes. */
const UNCAUGHT = /Uncaught|Unhandled|UnhandledPromiseRejection|A JavaScript error occurred/

async function useRuntime() {
  // Playwright asks the `electron` package for the executable and only then loads its helper before the application,
  // so the runtime is named by the variable that package honours and not by `executablePath`.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??= (await ensureElectron()).dir
}

function environment(extra: LaunchOptions['env']): Record<string, string> {
  const merged: Record<string, string | undefined> = { ...process.env, TZ: 'Asia/Shanghai', ...extra }
  delete merged['ELECTRON_RUN_AS_NODE']
  const defined = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(defined)
}

function watchErrors(app: ElectronApplication) {
  const errors: string[] = []
  const allowed: RegExp[] = []
  let log = ''
  const watchPage = (page: Page) => {
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`console: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => errors.push(`page: ${error.stack ?? error.message}`))
    page.on('crash', () => errors.push(`crash: ${page.url()}`))
  }
  app.windows().forEach(watchPage)
  app.on('window', watchPage)
  const keep = (chunk: Buffer) => {
    log += chunk.toString('utf8')
  }
  app.process().stdout?.on('data', keep)
  app.process().stderr?.on('data', keep)
  const assertClean = () => {
    const uncaught = log.split('\n').filter((line) => UNCAUGHT.test(line))
    const unexpected = [...errors, ...uncaught].filter(
      (text) => !allowed.some((pattern) => pattern.test(text)),
    )
    if (unexpected.length > 0) throw new Error(`errors nobody expected:\n${unexpected.join('\n')}`)
  }
  return { log: () => log, allowErrors: (pattern: RegExp) => void allowed.push(pattern), assertClean }
}

/** Playwright starts Electron as the leader of a process group; whatever of it still lives is ended. */
function endProcessGroup(pid: number | undefined) {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // Nothing left, as it should be.
  }
}

/** Starts the built application in a real Electron on a data folder of its own. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  await useRuntime()
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'maotiao-e2e-'))
  const app = await _electron.launch({
    args: ['--no-sandbox', '--disable-gpu', projectRoot, '--data', dataDir, ...(options.args ?? [])],
    env: environment(options.env),
    cwd: projectRoot,
    timeout: 60_000,
  })
  const { pid } = app.process()
  const { log, allowErrors, assertClean } = watchErrors(app)
  let closed = false
  const end = async () => {
    const quit = app.close().catch(() => undefined)
    await Promise.race([quit, new Promise((resolve) => setTimeout(resolve, 10_000))])
    endProcessGroup(pid)
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const page = await app.firstWindow({ timeout: 60_000 })
    await page.waitForLoadState('domcontentloaded')
    const running: RunningApp = {
      app,
      page,
      dataDir,
      log,
      allowErrors,
      assertClean,
      close: async () => {
        if (closed) return
        closed = true
        await end()
        assertClean()
      },
    }
    await setViewport(running, VIEWPORT)
    return running
  } catch (error) {
    await end()
    throw new Error(`the application did not open a window:\n${log()}`, { cause: error })
  }
}

type Window = Pick<RunningApp, 'app' | 'page'>

/** Gives the window exactly this much room for content. */
export async function setViewport({ app, page }: Window, size: typeof VIEWPORT): Promise<void> {
  const window = await app.browserWindow(page)
  await window.evaluate((win, { width, height }) => win.setContentSize(width, height), size)
  await window.dispose()
  await page.waitForFunction(({ width }) => Math.abs(innerWidth * devicePixelRatio - width) <= 2, size, {
    polling: 50,
  })
}

/** What the system's 125 % does to a page: the window keeps its pixels, the page has fewer of its own. */
export async function setZoom({ app, page }: Window, factor: number): Promise<void> {
  const window = await app.browserWindow(page)
  await window.evaluate((win, zoom) => win.webContents.setZoomFactor(zoom), factor)
  await window.dispose()
  await page.waitForFunction((zoom) => Math.abs(devicePixelRatio - zoom) < 0.01, factor, { polling: 50 })
}

/** One picture of what the person sees now, as test-results/screens/NAME.png. */
async function picture({ app, page }: Window, name: string): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)))
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
  const window = await app.browserWindow(page)
  const base64 = await window.evaluate(async (win) =>
    (await win.webContents.capturePage()).toPNG().toString('base64'),
  )
  await window.dispose()
  const file = join(screens, `${name}.png`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, Buffer.from(base64, 'base64'))
}

/** Leaves NAME.png at 1366×768 and NAME@125.png at 125 %, and puts the window back as it was. */
export async function screenshot(window: Window, name: string): Promise<void> {
  await setViewport(window, VIEWPORT)
  await picture(window, name)
  await setZoom(window, 1.25)
  await picture(window, `${name}@125`)
  await setZoom(window, 1)
}

/** The three type sizes of the application; the window keeps the choice as an attribute of its root element. */
export type TypeSize = 'normal' | 'large' | 'huge'

/** Leaves NAME@large.png: the same screen in large type at 125 %, the tightest it must still work in. */
export async function screenshotLargeType(
  window: Window,
  name: string,
  size: TypeSize = 'huge',
): Promise<void> {
  const set = (value: string | undefined) =>
    window.page.evaluate((next) => {
      const before = document.documentElement.dataset['size']
      if (next === undefined) delete document.documentElement.dataset['size']
      else document.documentElement.dataset['size'] = next
      return before
    }, value)
  const before = await set(size)
  await setViewport(window, VIEWPORT)
  await setZoom(window, 1.25)
  await picture(window, `${name}@${size}`)
  await setZoom(window, 1)
  await set(before)
}

/** What axe-core finds seriously wrong on the screen as it is now: rule, how many, and where the first one stands. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run()
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      count: nodes.length,
      where: nodes[0]?.html ?? '',
    }))
  })
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, count, where }) => `${id} × ${count}: ${where}`)
}
