/** The trip of a stick between two windows on two data folders. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testPlace } from '../helpers/bridge'
import { joinCentre, PASSWORD, prepareCentre } from '../helpers/centre'
import { launchApp, type RunningApp } from '../helpers/electron'
import { Hand, keepWhatFailed } from '../helpers/user'

/** In one person's hands, as in a small town: who registers also carries the stick. */
const ONE = { account: 'chenli', name: '陈丽' }
const TWO = { account: 'wangping', name: '王平' }
const first = testPlace()
const second = testPlace()
const stick = join(first.place, 'stick')
const windows: RunningApp[] = []
let one: Hand
let two: Hand
let number = ''

keepWhatFailed(() => windows, first.place, second.place)
beforeAll(async () => {
  mkdirSync(stick)
  const [here, there] = [join(first.place, 'data'), join(second.place, 'data')]
  await prepareCentre(here, [
    { ...ONE, posts: ['director'] },
    { ...TWO, posts: ['director'] },
  ])
  await joinCentre(here, there, TWO.account)
  for (const [place, dataDir] of [
    [first, here],
    [second, there],
  ] as const) {
    windows.push(await launchApp({ dataDir, env: place.env }))
  }
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

/** One writes the stick, the other reads it. */
async function trip(from: Hand, to: Hand): Promise<void> {
  const folder = join(stick, String(readdirSync(stick).length + 1))
  mkdirSync(folder)
  const [giver, taker] = from === one ? [first, second] : [second, first]
  giver.answerDialogs(folder)
  await from.desk('收发')
  await from.presses('导出到文件夹')
  await expect.poll(() => readdirSync(folder).length, { timeout: 20_000 }).toBe(1)
  taker.answerDialogs(folder)
  await to.desk('收发')
  await to.presses('导入整个文件夹')
  await outcome(to, folder, '已导入')
}
/** A folder both can reach; a round is started by hand, so that no test waits for a schedule. */
async function shareFolder(hand: Hand): Promise<void> {
  ;(hand === one ? first : second).answerDialogs(join(first.place, 'shared'))
  await hand.desk('收发')
  await hand.presses('选择文件夹…')
  await hand.fills('每隔几分钟', '1440')
  await hand.presses('保存')
  await hand.sees('已保存，到时间会自动收发')
}
/** From the top bar, whatever desk is open below. */
async function round(hand: Hand): Promise<void> {
  await hand.presses(/已送达|未送达/)
  await hand.presses('现在收发一次', hand.dialog())
  await hand.button('现在收发一次', hand.dialog()).and(hand.page.locator(':enabled')).waitFor()
  await hand.presses('关闭', hand.dialog())
}
/** What the taker's screen says of the one package in this folder. */
async function outcome(hand: Hand, folder: string, word: string): Promise<void> {
  const name = readdirSync(folder)[0] ?? 'no package'
  await hand.sees(word, hand.page.getByRole('row').filter({ hasText: name }))
}
async function openFacts(hand: Hand): Promise<void> {
  await hand.desk('事项')
  await hand.opens(number)
  await hand.presses('修改基本情况')
}
async function changePlace(hand: Hand, text: string): Promise<void> {
  await openFacts(hand)
  await hand.fills('发生地点', text)
  await hand.presses('保存修改')
  await hand.button('修改基本情况').waitFor()
  await hand.sees(text)
}

describe('two terminals that share nothing but a stick', () => {
  it('takes what the first registered to the second', async () => {
    await one.signsIn(ONE.account, PASSWORD)
    await two.signsIn(TWO.account, PASSWORD)
    await one.desk('来访接待')
    await one.fills('姓名', '周大山')
    await one.chooses('纠纷调解')
    await one.fills('说的什么事', '邻居砌墙堵了屋后的排水沟')
    await one.presses('只登记')
    await one.sees('已登记')
    number = (await one.page.locator('.number').innerText()).trim()
    await trip(one, two)
    await two.desk('事项')
    await two.opens(number)
    await two.sees('邻居砌墙堵了屋后的排水沟')
    await two.sees('周大山')
  })

  it('lists two values of one field on both sides, lets a person decide, and forgets it after the next trip', async () => {
    await changePlace(one, '石埠村东头')
    await changePlace(two, '石埠村西头')
    await trip(one, two)
    await trip(two, one)
    await one.desk('数据不一致')
    await one.opens('发生地点')
    await two.desk('数据不一致')
    await two.opens('发生地点')
    for (const hand of [one, two]) {
      await hand.sees('石埠村东头')
      await hand.sees('石埠村西头')
    }
    await two.page.getByRole('radio', { name: '石埠村东头' }).check()
    await two.fills('理由', '当事人当面确认')
    await two.presses('就用选的这个')
    await two.sees('没有不一致的数据')
    await trip(two, one)
    await one.desk('数据不一致')
    await one.sees('没有不一致的数据')
    await one.desk('事项')
    await one.opens(number)
    await one.sees('石埠村东头')
  })

  it('shows both values when a form was opened before an import and saved after it', async () => {
    mkdirSync(join(first.place, 'shared'))
    await shareFolder(one)
    await shareFolder(two)
    await changePlace(one, '石埠村北头，水渠边')
    await openFacts(two)
    await two.fills('发生地点', '石埠村南头')
    await two.fills('说的什么事', '邻居砌墙堵了屋后的排水沟，墙高两米')
    await round(one)
    await round(two)
    await two.presses('保存修改')
    await two.sees('您填写的时候，别人改过同一处')
    await two.sees('石埠村南头', two.dialog())
    await two.sees('石埠村北头，水渠边', two.dialog())
    await two.page.getByRole('radio', { name: /用我填的/ }).check()
    await two.presses('按所选的保存')
    await two.button('修改基本情况').waitFor()
    await two.sees('石埠村南头')
    await two.sees('墙高两米')
    await trip(two, one)
    await one.desk('事项')
    await one.opens(number)
    await one.sees('石埠村南头')
    await one.desk('数据不一致')
    await one.sees('没有不一致的数据')
  })

  it('changes nothing when the same stick is read twice', async () => {
    const last = join(stick, String(readdirSync(stick).length))
    first.answerDialogs(last)
    await one.desk('收发')
    await one.presses('导入整个文件夹')
    await outcome(one, last, '以前导入过')
    await one.desk('事项')
    await one.sees('共 1 件')
  })
})
