/** What goes wrong at a counter, and that nothing typed or saved is lost by it. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corePid, testPlace } from '../helpers/bridge'
import { PASSWORD, prepareCentre } from '../helpers/centre'
import { launchApp, type RunningApp } from '../helpers/electron'
import { Hand, keepWhatFailed } from '../helpers/user'

const { place, env, remove } = testPlace()
const dataDir = join(place, 'data')
const base = join(dataDir, 'base.db')
let running: RunningApp
let hand: Hand

keepWhatFailed(() => (running === undefined ? [] : [running]), place)
beforeAll(async () => {
  await prepareCentre(dataDir, [{ account: 'chenli', name: '陈丽', posts: ['clerk'] }])
})
afterAll(remove)

describe('at the counter', () => {
  beforeAll(async () => {
    running = await launchApp({ dataDir, env })
    hand = new Hand(running.page)
  })
  afterAll(() => running.close())

  it('refuses a wrong password in words and lets the right one in', async () => {
    await hand.fills('账号', 'chenli')
    await hand.fills('密码', 'wrong-password')
    await hand.keys('Enter')
    await hand.sees(/密码不/)
    await hand.isAt('密码')
    expect(await hand.field('密码').inputValue()).toBe('')
    await hand.types(PASSWORD)
    await hand.keys('Enter')
    await hand.sees('陈丽 · 接待岗')
  })

  it('keeps a second start out of the folder, whoever’s profile it has', async () => {
    const other = testPlace()
    const second = await launchApp({ dataDir, env: other.env })
    try {
      const stranger = new Hand(second.page)
      await stranger.sees('数据正在被使用')
      await stranger.sees('文件保持原样，没有改动。')
      await stranger.button('再试一次').waitFor()
    } finally {
      await second.close()
      other.remove()
    }
  })

  it('hides everything on F12 and comes back with the form as it was', async () => {
    await hand.fills('姓名', '周大山')
    await hand.fills('电话', '13900000001')
    await hand.chooses('纠纷调解')
    await hand.fills('说的什么事', '邻居砌墙堵了屋后的排水沟')
    await hand.keys('F12')
    await hand.sees('已锁屏')
    expect(await hand.reads()).not.toMatch(/周大山|13900000001|排水沟/)
    await hand.types(PASSWORD)
    await hand.keys('Enter')
    await hand.isAt('说的什么事')
    await formIsWhole()
  })

  it('locks by itself when nobody has touched the machine, and keeps the form', async () => {
    await running.app.evaluate(({ powerMonitor }) => {
      Object.assign(powerMonitor, { getSystemIdleTime: () => 24 * 3600 })
    })
    await hand.sees('已锁屏')
    expect(await hand.reads()).not.toMatch(/周大山|13900000001|排水沟/)
    await running.app.evaluate(({ powerMonitor }) => {
      Object.assign(powerMonitor, { getSystemIdleTime: () => 0 })
    })
    await unlock()
    await formIsWhole()
  })

  it('leaves every key to the input method while it composes: nothing is registered, no text is lost', async () => {
    const line = await running.page.context().newCDPSession(running.page)
    const compose = (text: string) =>
      line.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    /** What an input method lets through of a key it takes for itself. */
    const taken = (key: string, code: string) =>
      line.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code, windowsVirtualKeyCode: 229 })
    await hand.field('发生地点').focus()
    await compose('shibu')
    await taken('Enter', 'Enter')
    await taken('F9', 'F9')
    await hand.sees('登记并打印回执')
    await line.send('Input.insertText', { text: '石埠村' })
    expect(await hand.field('发生地点').inputValue()).toBe('石埠村')
    await formIsWhole()
    await hand.tab('当场答复')
    await hand.fills('问的是什么', '医保怎么转')
    await hand.field('怎么答的').focus()
    await compose('chuangkou')
    await taken('Enter', 'Enter')
    expect(await hand.reads()).not.toContain('已记下')
    await line.send('Input.insertText', { text: '二楼窗口' })
    expect(await hand.field('怎么答的').inputValue()).toBe('二楼窗口')
    await hand.keys('Enter')
    await hand.sees('已记下，算一次来访')
    await hand.tab('接待登记')
    await formIsWhole()
  })

  it('saves once when the core is killed while saving: message, same form, one entry', async () => {
    const pid = await corePid(running.app)
    process.kill(pid, 'SIGSTOP')
    await hand.presses('只登记')
    await hand.sees('正在保存…')
    process.kill(pid, 'SIGKILL')
    await hand.sees(/后台(程序刚才停了|已经恢复)/)
    await unlock()
    await formIsWhole()
    await hand.presses('只登记')
    await hand.sees('已登记')
    await hand.tab('今日来访')
    await hand.sees('今日来访 2 批')
    expect(await hand.row('周大山').count()).toBe(1)
  })
})

async function unlock(): Promise<void> {
  await hand.sees('已锁屏')
  await hand.fills('密码', PASSWORD)
  await hand.keys('Enter')
  await hand.page.getByText('已锁屏').waitFor({ state: 'hidden' })
}
async function formIsWhole(): Promise<void> {
  expect(await hand.field('姓名').inputValue()).toBe('周大山')
  expect(await hand.field('电话').inputValue()).toBe('13900000001')
  expect(await hand.field('说的什么事').inputValue()).toBe('邻居砌墙堵了屋后的排水沟')
  expect(await hand.page.getByRole('radio', { name: '纠纷调解' }).getAttribute('aria-checked')).toBe('true')
}

describe('a data file that cannot be opened', () => {
  const sound = join(place, 'sound.db')
  beforeAll(() => copyFileSync(base, sound))

  const damaged = (): Buffer => {
    const bytes = readFileSync(sound)
    // From the second page on: the salt at the front still says whose file it is.
    for (let at = 4096; at < bytes.length; at += 512) bytes[at] = (bytes[at] ?? 0) ^ 0xff
    return bytes
  }
  const plain = (): Buffer => Buffer.concat([Buffer.from('SQLite format 3\0', 'latin1'), Buffer.alloc(8176)])
  /** The core looks at the first bytes before anybody signs in; the rest is found when the key opens it. */
  it.each([
    { what: 'empty', bytes: () => Buffer.alloc(0), says: /数据文件是空的/, found: 'at the start' },
    { what: 'foreign', bytes: plain, says: /不是本系统的数据文件/, found: 'at the start' },
    { what: 'damaged', bytes: damaged, says: /数据文件已损坏/, found: 'at sign-in' },
  ])('$what: it is named $found and left as it is, and the sound one opens again', async (bad) => {
    const bytes = bad.bytes()
    writeFileSync(base, bytes)
    running = await launchApp({ dataDir, env })
    try {
      hand = new Hand(running.page)
      if (bad.found === 'at sign-in') {
        await hand.fills('账号', 'chenli')
        await hand.fills('密码', PASSWORD)
        await hand.keys('Enter')
      }
      await hand.sees(bad.says)
      await hand.sees(/没有被?改动/)
      expect(readFileSync(base).equals(bytes)).toBe(true)
      copyFileSync(sound, base)
      if (bad.found === 'at the start') await hand.presses('再试一次')
      await hand.signsIn('chenli', PASSWORD)
      await hand.sees('陈丽 · 接待岗')
    } finally {
      await running.close()
    }
  })
})
