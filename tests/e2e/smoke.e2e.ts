import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accessibilityProblems,
  launchApp,
  type RunningApp,
  screenshot,
  screenshotLargeType,
} from '../helpers/electron'

let running: RunningApp
const dataDir = mkdtempSync(join(tmpdir(), 'maotiao-smoke-'))

beforeAll(async () => {
  running = await launchApp({ dataDir })
})

afterAll(async () => {
  await running?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('opens a window that shows something, sealed off from Node', async () => {
  const { page } = running
  await expect
    .poll(() => page.evaluate(() => document.body.innerText.trim().length), { timeout: 20_000 })
    .toBeGreaterThan(0)
  expect(
    await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis)),
  ).toEqual([])
  expect(await page.title()).not.toBe('')
  expect(await accessibilityProblems(page)).toEqual([])
  await screenshot(running, 'smoke')
  await screenshotLargeType(running, 'smoke')
})
