/**
 * What a person does at a screen: reads visible words, types, presses. Nothing here waits for time, only for something
 * visible. `Hand` is one person at one window.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { beforeEach, expect } from 'vitest'
import { projectRoot, type RunningApp } from './electron'

/** Long enough for a laptop that is busy with something else; a screen that is right shows at once. */
const PATIENCE = 20_000

/** A label as the screen writes it: with or without its 可不填. */
const labelled = (label: string): RegExp =>
  new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(（可不填）)?$`)

export class Hand {
  readonly page: Page
  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(PATIENCE)
  }

  /** Waits until these words can be read. */
  async sees(text: string | RegExp, within: Page | Locator = this.page): Promise<void> {
    await within.getByText(text).filter({ visible: true }).first().waitFor()
  }
  /** Reads the whole window. */
  async reads(): Promise<string> {
    return this.page.locator('body').innerText()
  }
  /** Waits until the words are nowhere to be read. */
  async misses(text: string): Promise<void> {
    await expect.poll(() => this.reads(), { timeout: PATIENCE }).not.toContain(text)
  }
  field(label: string, within: Page | Locator = this.page): Locator {
    return within.getByLabel(labelled(label)).filter({ visible: true })
  }
  async fills(label: string, text: string, within: Page | Locator = this.page): Promise<void> {
    await this.field(label, within).fill(text)
  }
  /** Types key by key where the cursor stands. */
  async types(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }
  async keys(...names: string[]): Promise<void> {
    for (const name of names) await this.page.keyboard.press(name)
  }
  button(name: string | RegExp, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
  }
  async presses(name: string | RegExp, within: Page | Locator = this.page): Promise<void> {
    await this.button(name, within).click()
  }
  /** One of the plain words of a choice. */
  async chooses(word: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByRole('radio', { name: word, exact: true }).click()
  }
  async selects(label: string, option: string, within: Page | Locator = this.page): Promise<void> {
    await this.field(label, within).selectOption({ label: option })
  }
  /** A long list, found by typing a part of the name. */
  async picks(label: string, part: string, option: string): Promise<void> {
    await this.field(label).fill(part)
    await this.page.getByRole('option', { name: option }).filter({ visible: true }).first().click()
  }
  async tab(name: string): Promise<void> {
    await this.page.getByRole('tab', { name, exact: true }).click()
  }
  async desk(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: '工作台' }).getByText(name, { exact: true }).click()
  }
  /** A row of a list by any words in it. */
  row(text: string | RegExp): Locator {
    return this.page.getByRole('option').filter({ hasText: text })
  }
  async opens(text: string | RegExp): Promise<void> {
    await this.row(text).first().click()
  }

  /** The open dialog. */
  dialog(): Locator {
    return this.page.getByRole('dialog')
  }
  /** The right half of a desk. */
  record(): Locator {
    return this.page.locator('.record-pane')
  }
  /** What the cursor is in, by the words beside it. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => {
      const at = document.activeElement
      const group = at?.closest('[role=radiogroup]')?.getAttribute('aria-labelledby')
      const label =
        group !== null && group !== undefined
          ? document.getElementById(group)?.textContent
          : at instanceof HTMLInputElement ||
              at instanceof HTMLTextAreaElement ||
              at instanceof HTMLSelectElement
            ? at.labels?.[0]?.textContent
            : at instanceof HTMLElement
              ? at.innerText
              : ''
      return (label ?? '').replace('（可不填）', '').trim()
    })
  }
  /** Waits until the cursor is there. */
  async isAt(label: string): Promise<void> {
    await expect.poll(() => this.focused(), { timeout: PATIENCE }).toBe(label)
  }
  /** Presses Tab until the cursor is in the field with this label, as somebody would who looks at the screen. */
  async tabsTo(label: string): Promise<void> {
    for (let presses = 0; presses < 25; presses++) {
      await this.keys('Tab')
      if ((await this.focused()).split('\n')[0] === label) return
    }
    throw new Error(`25 times Tab did not lead to ${label}, but to ${await this.focused()}`)
  }

  async switchesTo(post: string, password: string): Promise<void> {
    await this.presses(/当前岗位/)
    await this.page.getByRole('menuitemradio', { name: post }).click()
    await this.fills('密码', password, this.dialog())
    await this.keys('Enter')
    await this.dialog().waitFor({ state: 'hidden' })
    await this.sees(new RegExp(`· ${post}`))
  }
  async signsIn(account: string, password: string): Promise<void> {
    await this.fills('账号', account)
    await this.fills('密码', password)
    await this.keys('Enter')
    await this.page.getByRole('navigation', { name: '工作台' }).waitFor()
  }
  /** The menu with the person's name. */
  async signsOut(): Promise<void> {
    await this.presses(/当前岗位/)
    await this.page.getByRole('menuitem', { name: '退出登录' }).click()
    await this.field('账号').waitFor()
  }
}

/** When a test fails, what stood on the screen is half of the answer: test-results/failures/NAME.png and .txt. */
export function keepWhatFailed(windows: () => readonly RunningApp[], ...places: readonly string[]): void {
  beforeEach(({ task, onTestFailed }) => {
    onTestFailed(async () => {
      const folder = join(projectRoot, 'test-results', 'failures')
      mkdirSync(folder, { recursive: true })
      for (const [at, { page, log }] of windows().entries()) {
        const name = join(folder, `${task.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}-${at + 1}`)
        const text = await page
          .locator('body')
          .innerText()
          .catch(() => 'the window is gone')
        writeFileSync(`${name}.txt`, `${text}\n\n${log()}\n\n${applicationLog(places)}`)
        await page.screenshot({ path: `${name}.png` }).catch(() => undefined)
      }
    })
  })
}

/** Lines the application wrote itself: which route failed where. */
function applicationLog(places: readonly string[]): string {
  return places
    .flatMap((place) =>
      readdirSync(place, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFileSync(join(place, name), 'utf8')),
    )
    .join('\n')
}
