/** Notices: preview, PDF, printer. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NoticeModel } from '../../domain/contract/reception'
import { native, testPlace } from '../helpers/bridge'
import { launchApp, projectRoot, type RunningApp } from '../helpers/electron'

const { place, answerDialogs, env, remove } = testPlace()
afterAll(remove)

const NOTICE: NoticeModel = {
  kind: 'acceptance',
  title: '受理告知书',
  centreName: '临溪镇社会矛盾纠纷调处化解中心',
  code: '999001000000-26-03-0128',
  date: '2026年3月12日',
  lines: [
    { label: '申请人', text: '张喆' },
    { label: '事项', text: '与李堃因宅基地滴水产生的邻里纠纷' },
    { label: '承办单位', text: '临溪镇人民调解委员会' },
    { label: '办理时限', text: '2026年4月11日前（受理之日起30日）' },
  ],
  body: [
    '您反映的上述事项，经审查符合受理条件，现予受理。本中心将依照《中华人民共和国人民调解法》组织调解，请保持电话畅通。',
    '调解不收取任何费用。您有权要求有关人员回避，有权接受、拒绝或者要求终止调解。',
  ],
  signPlaces: ['当事人（签名）', '经办人（签名）'],
}

describe('a notice', () => {
  let running: RunningApp
  let app: ElectronApplication
  let page: Page
  beforeAll(async () => {
    running = await launchApp({ env })
    ;({ app, page } = running)
  })
  afterAll(() => running.close())

  it('makes a PDF of a notice: one A4 sheet, named by its kind alone', async () => {
    answerDialogs(join(place, 'notice.pdf'))
    expect(await native(page, 'print.pdf', { notice: NOTICE })).toEqual({
      ok: true,
      data: { name: 'notice.pdf' },
    })
    const pdf = readFileSync(join(place, 'notice.pdf'), 'latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.\d* 84[12]\.\d*\]/)
    expect(titleOf(pdf)).toBe('受理告知书')
    expect(app.windows()).toHaveLength(1)
  })

  it('gives each half a sheet of its own when it is too long, and cuts nothing off', async () => {
    answerDialogs(join(place, 'long.pdf'))
    const long = { ...NOTICE, body: Array<string>(14).fill(NOTICE.body[0] ?? '') }
    await native(page, 'print.pdf', { notice: long })
    expect(readFileSync(join(place, 'long.pdf'), 'latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2)
    const [paper] = await Promise.all([
      app.waitForEvent('window'),
      native(page, 'print.preview', { notice: long }),
    ])
    await paper.locator('#print:visible').waitFor()
    const cutOff = await paper
      .locator('.half')
      .evaluateAll((halves) => halves.map((half) => half.scrollHeight - half.clientHeight > 1))
    expect(cutOff).toEqual([false, false])
    await closePaper(paper)
  })

  it('shows the sheet before it is printed; without a printer it says what to do instead', async () => {
    expect(await native(page, 'print.paper', { notice: NOTICE })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND', message: expect.stringContaining('打印机') as string },
    })
    answerDialogs(join(place, 'from-preview.pdf'))
    const [paper] = await Promise.all([
      app.waitForEvent('window'),
      native(page, 'print.preview', { notice: NOTICE }),
    ])
    await paper.locator('#print:visible').waitFor()
    expect(await paper.locator('.half').count()).toBe(2)
    expect(await paper.locator('.code-text').allTextContents()).toEqual([NOTICE.code, NOTICE.code])
    expect(await paper.locator('.part').allTextContents()).toEqual([
      '存根联（本联由中心留存）',
      '告知联（本联交当事人保存）',
    ])
    await paper.locator('#print').click()
    await paper.getByText('本机没有装打印机').waitFor()
    await paper.locator('#pdf').click()
    await paper.getByText('已存为 from-preview.pdf').waitFor()
    expect(existsSync(join(place, 'from-preview.pdf'))).toBe(true)
    await keepPicture(app, paper, 'paper-notice')
    await closePaper(paper)
    expect(app.windows()).toHaveLength(1)
  })
})

/** The document title of a PDF: UTF-16 with a mark, in hexadecimal or escaped. */
function titleOf(pdf: string): string {
  const hex = /\/Title <([0-9A-Fa-f]+)>/.exec(pdf)?.[1]
  if (hex === undefined) return /\/Title \(([^)]*)\)/.exec(pdf)?.[1] ?? ''
  return Buffer.from(hex, 'hex').swap16().toString('utf16le').replace('\uFEFF', '')
}

async function keepPicture(app: ElectronApplication, paper: Page, name: string): Promise<void> {
  const window = await app.browserWindow(paper)
  const png = await window.evaluate(async (win) =>
    (await win.webContents.capturePage()).toPNG().toString('base64'),
  )
  const screens = join(projectRoot, 'test-results', 'screens')
  mkdirSync(screens, { recursive: true })
  writeFileSync(join(screens, `${name}.png`), Buffer.from(png, 'base64'))
}

async function closePaper(paper: Page): Promise<void> {
  // The window may be gone before the click has been reported.
  const click = () =>
    paper
      .locator('#close')
      .click()
      .catch(() => undefined)
  await Promise.all([paper.waitForEvent('close'), click()])
}
