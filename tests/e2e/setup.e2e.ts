/** The first hour of a centre: it is founded by keyboard, and a second computer joins it with two files and two looks. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testPlace } from '../helpers/bridge'
import { CENTRE, PASSWORD } from '../helpers/centre'
import { launchApp, type RunningApp } from '../helpers/electron'
import { Hand, keepWhatFailed } from '../helpers/user'

const first = testPlace()
const second = testPlace()
const windows: RunningApp[] = []
const request = join(first.place, 'request.bin')
const answer = join(first.place, 'answer.bin')
let one: Hand
let two: Hand
let centreWords = ''

keepWhatFailed(() => windows, first.place, second.place)
beforeAll(async () => {
  for (const place of [first, second])
    windows.push(await launchApp({ dataDir: join(place.place, 'data'), env: place.env }))
  const [left, right] = windows
  if (left === undefined || right === undefined) throw new Error('two windows')
  one = new Hand(left.page)
  two = new Hand(right.page)
})
afterAll(async () => {
  for (const running of windows) await running.close()
  first.remove()
  second.remove()
})

/** Words as they stand on a screen, to be read out. */
const wordsOn = async (hand: Hand, label: string): Promise<string> =>
  (await hand.page.getByLabel(label).innerText()).replace(/\s+/g, ' ').trim()

describe('新建中心, by keyboard alone', () => {
  it('says beside the field what is wrong and goes there', async () => {
    await one.sees('这台电脑第一次使用')
    await one.tabsTo('新建中心')
    await one.keys('Enter')
    await one.isAt('中心名称')
    await one.types(CENTRE)
    await one.tabsTo('行政区划代码')
    await one.types('99900100')
    await one.keys('Enter')
    await one.sees(/12 位/)
    await one.isAt('行政区划代码')
  })

  it('founds the centre and shows the recovery sheet once', async () => {
    await one.keys('Control+A')
    await one.types('９９９００１ 000000')
    await one.tabsTo('姓名')
    await one.types('周管理')
    await one.tabsTo('账号')
    await one.types('admin')
    await one.tabsTo('密码')
    await one.types(PASSWORD)
    await one.tabsTo('再输一遍密码')
    await one.types(PASSWORD)
    await one.keys('Enter')
    await one.sees('恢复单：只显示这一次')
    const sheet = await one.page.getByLabel('恢复单内容').innerText()
    expect(sheet).toContain(CENTRE)
    first.answerDialogs(join(first.place, 'sheet.txt'))
    await one.tabsTo('存为文件')
    await one.keys('Enter')
    await one.sees('已存为“sheet.txt”')
    expect(readFileSync(join(first.place, 'sheet.txt'), 'utf8').trim()).toContain(
      sheet.trim().split('\n').at(-1),
    )
    expect(await one.button('完成，去登录').isEnabled()).toBe(false)
    await one.tabsTo('已经抄好或打印好，并且收好了')
    await one.keys('Space')
    await one.tabsTo('完成，去登录')
    await one.keys('Enter')
  })

  it('signs the administrator in', async () => {
    await one.isAt('账号')
    await one.sees(CENTRE)
    await one.types('admin')
    await one.keys('Tab')
    await one.types(PASSWORD)
    await one.keys('Enter')
    await one.sees('周管理 · 系统管理岗')
    expect(await one.page.getByRole('navigation', { name: '工作台' }).innerText()).not.toContain('事项')
  })

  it('adds a colleague', async () => {
    await one.desk('人员岗位')
    await one.keys('F2')
    await one.fills('姓名', '陈丽')
    await one.fills('账号', 'chenli')
    await one.fills('首次密码', PASSWORD)
    await one.fills('再输一遍', PASSWORD)
    await one.page.getByRole('checkbox', { name: '接待岗' }).check()
    await one.presses('保存')
    await one.row('陈丽').waitFor()
  })
})

describe('加入已有中心, from a second computer', () => {
  it('writes a request and shows words to read out', async () => {
    await two.presses(/加入已有中心/)
    await two.fills('本机名称', '2号窗口')
    await two.fills('加入密码', 'jiaru-2026')
    await two.fills('再输一遍加入密码', 'jiaru-2026')
    second.answerDialogs(request)
    await two.presses('存申请文件')
    await two.sees('第二步：等答复文件')
  })

  it('refuses words that are not those of the other screen', async () => {
    await one.desk('收发')
    await one.page.getByText('接纳终端…').click()
    first.answerDialogs(request, answer)
    await one.presses('选择申请文件…')
    const words = await wordsOn(two, '本机核对码')
    await one.fills('新电脑屏幕上的核对码', words.split(' ').reverse().join(' '))
    await one.presses('核对并存答复文件')
    await one.sees('没有同意加入')
    expect(existsSync(answer)).toBe(false)
  })

  it('admits the terminal on the right words and shows its own', async () => {
    const words = await wordsOn(two, '本机核对码')
    first.answerDialogs(answer)
    await one.fills('新电脑屏幕上的核对码', words)
    await one.presses('核对并存答复文件')
    await one.sees('已接纳')
    centreWords = await wordsOn(one, '中心核对码')
    expect(centreWords).not.toBe(words)
  })

  it('finishes on the new computer after the words were compared', async () => {
    second.answerDialogs(answer)
    await two.presses('选择答复文件')
    await two.fills('加入密码（做申请文件时设的）', 'jiaru-2026')
    await two.keys('Enter')
    await two.sees(CENTRE)
    expect(await wordsOn(two, '中心核对码')).toBe(centreWords)
    await two.presses('一致')
    await two.fills('账号', 'chenli')
    await two.fills('账号的密码', PASSWORD)
    await two.presses('完成加入')
  })

  it('lets a colleague of the centre sign in there', async () => {
    await two.sees('02 2号窗口')
    await two.signsIn('chenli', PASSWORD)
    await two.sees('陈丽 · 接待岗')
    await two.sees(CENTRE)
  })
})
