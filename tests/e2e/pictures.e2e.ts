/** A picture of every desk, as a person of each post finds it in a town of one year; looked at by people. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDemo } from '../../electron/core/demo/build'
import { DEMO_PASSWORD } from '../../electron/core/demo/town'
import { testPlace } from '../helpers/bridge'
import { launchApp, screenshot, screenshotLargeType, type RunningApp } from '../helpers/electron'
import { Hand, keepWhatFailed } from '../helpers/user'

const { place, env, remove } = testPlace()
let running: RunningApp
let hand: Hand

keepWhatFailed(() => (running === undefined ? [] : [running]), place)
beforeAll(async () => {
  const dataDir = join(place, 'data')
  await buildDemo({ dataDir, matters: 60, seed: '1' })
  running = await launchApp({ dataDir, env })
  hand = new Hand(running.page)
})
afterAll(async () => {
  await running?.close()
  remove()
})

/** Words of other languages that may stand on a screen: keys, file types, and what people themselves typed. */
const LATIN = /\b(Ctrl|Tab|Shift|Enter|Esc|PDF|Excel|F\d{1,2}|K|U)\b/g

/** Leaves the pictures, and looks for what nobody should have to read. */
async function picture(name: string): Promise<void> {
  await expect.poll(() => hand.reads(), { timeout: 20_000 }).not.toMatch(/正在读取…|正在数…|正在打开…/)
  const text = await hand.reads()
  expect(text.replace(LATIN, '').match(/\b(undefined|null|NaN|Invalid|\[object)\b/)).toBeNull()
  expect(text.replace(LATIN, '').match(/[A-Za-z]{4,}( [A-Za-z]{2,})+/)).toBeNull()
  const wide = () => hand.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(await wide()).toBeLessThanOrEqual(0)
  await screenshot(running, name)
  await screenshotLargeType(running, name)
}
async function firstRow(): Promise<void> {
  // Sensitive matters ask for a reason first.
  await hand.page.locator('.list-row').filter({ hasNotText: '既往事项' }).first().click()
}
async function tabs(
  desk: string,
  ...names: readonly (readonly [tab: string, name: string])[]
): Promise<void> {
  for (const [tab, name] of names) {
    await hand.tab(tab)
    await picture(`${desk}-${name}`)
  }
}
const as = async (account: string): Promise<void> => hand.signsIn(account, DEMO_PASSWORD)

describe('every desk', () => {
  it('the page of signing in', async () => {
    await hand.field('账号').waitFor()
    await picture('sign-in')
  })

  it('the clerk', async () => {
    await as('clerk')
    await hand.desk('来访接待')
    await picture('reception-register')
    await hand.fills('姓名', '陈')
    await hand.presses('只登记')
    await hand.sees('请选一项“想办什么”')
    // After the largest type, as after any other, both halves are there again.
    await hand.page.getByRole('complementary', { name: '来访人是谁' }).waitFor()
    await picture('reception-missing')
    await hand.fills('姓名', '')
    await tabs(
      'reception',
      ['当场答复', 'question'],
      ['今日来访', 'today'],
      ['转介心理服务', 'seal'],
      ['我的转介', 'mine'],
    )
    await hand.desk('事项')
    await firstRow()
    await hand.button('修改基本情况').waitFor()
    await picture('matter')
    await hand.presses('修改基本情况')
    await hand.button('保存修改').waitFor()
    await picture('matter-edit')
    await hand.presses('不改了')
    await hand.keys('Control+K')
    await hand.types('排水')
    await hand.keys('Enter')
    await hand.row('排水').first().waitFor()
    await picture('search')
    await hand.desk('数据不一致')
    await picture('differences')
    await hand.desk('月度统计')
    await hand.sees('按村（社区）')
    await picture('month')
    await hand.keys('F1')
    await hand.dialog().waitFor()
    await picture('keys')
    await hand.keys('Escape')
    await hand.presses(/当前岗位/)
    await picture('menu')
    await hand.page.getByRole('menuitem', { name: '修改密码' }).click()
    await hand.field('现在的密码').waitFor()
    await picture('password')
    await hand.keys('F12')
    await hand.sees('已锁屏')
    await picture('locked')
    await hand.presses('换人登录')
    await hand.field('账号').waitFor()
  })

  it('the director', async () => {
    await as('director')
    await hand.desk('分派督办')
    await firstRow()
    await hand.sees('打开完整事项')
    await picture('director-assign')
    await tabs(
      'director',
      ['已超期', 'late'],
      ['两处办得不一样', 'difference'],
      ['调解员库', 'pool'],
      ['单位网格', 'unit'],
    )
    await hand.desk('月度统计')
    await hand.page.locator('.number').first().click()
    await hand.sees('返回月度统计')
    await picture('month-behind')
    await hand.signsOut()
  })

  it('the mediator', async () => {
    await as('mediator')
    await firstRow()
    await hand.sees('说的什么事')
    await picture('mediator')
    await hand
      .button(/^(签收|记下这一次|记一笔经过)$/)
      .first()
      .click()
    await picture('mediator-step')
    await hand.signsOut()
  })

  it('the psychological-service worker', async () => {
    await as('psych')
    await hand.desk('心理服务')
    await firstRow()
    await hand.sees('怎么联系才安全')
    await picture('psych')
    await hand.desk('专库授权')
    await picture('grants')
    await hand.signsOut()
  })

  it('the roster officer', async () => {
    await as('roster')
    await hand.desk('特殊人群')
    await firstRow()
    await hand.sees('走访记录')
    await picture('roster')
    await hand.presses('＋ 登记一位')
    await hand.button('保存登记').waitFor()
    await picture('roster-new')
    await hand.signsOut()
  })

  it('the administrator', async () => {
    await as('admin')
    await hand.desk('人员岗位')
    await firstRow()
    await hand.sees('停用账号')
    await picture('staff')
    await hand.keys('F2')
    await hand.field('首次密码').waitFor()
    await picture('staff-new')
    await hand.desk('专库授权')
    await picture('grants-administrator')
    await hand.desk('收发')
    await hand.sees('手工收发')
    await picture('exchange')
    await hand.page.getByText('接纳终端…').click()
    await hand.button('选择申请文件…').waitFor()
    await picture('admit')
    await hand.desk('备份校验')
    await picture('backup')
    await hand.signsOut()
  })

  it('the auditor', async () => {
    await as('auditor')
    await hand.desk('操作日志')
    await picture('audit')
    await hand.signsOut()
  })
})
