/** A whole day at one counter: clerk, director, mediator, psychological-service worker, roster officer, month. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testPlace } from '../helpers/bridge'
import { CENTRE, PASSWORD, prepareCentre } from '../helpers/centre'
import { launchApp, type RunningApp } from '../helpers/electron'
import { Hand, keepWhatFailed } from '../helpers/user'

const { place, answerDialogs, env, remove } = testPlace()
const dataDir = join(place, 'data')
const CLERK = { account: 'chenli', name: '陈丽' }
const DIRECTOR = { account: 'wangping', name: '王平' }
const MEDIATOR = { account: 'lidesheng', name: '李德胜' }
const CARER = { account: 'zhaoqing', name: '赵晴' }
let running: RunningApp
let hand: Hand
let number = ''

keepWhatFailed(() => (running === undefined ? [] : [running]), place)
beforeAll(async () => {
  await prepareCentre(
    dataDir,
    [
      { ...CLERK, posts: ['clerk'] },
      { ...DIRECTOR, posts: ['director'] },
      { ...MEDIATOR, posts: ['mediator'] },
      { ...CARER, posts: ['psych_worker', 'roster_officer'] },
    ],
    { psych: CARER.account, roster: CARER.account },
  )
  running = await launchApp({ dataDir, env })
  hand = new Hand(running.page)
})
afterAll(async () => {
  await running?.close()
  remove()
})

describe('the clerk, by keyboard', () => {
  it('signs in and finds the cursor where the work begins', async () => {
    await hand.field('账号').waitFor()
    await hand.types(CLERK.account)
    await hand.keys('Tab')
    await hand.types(PASSWORD)
    await hand.keys('Enter')
    await hand.sees(`${CLERK.name} · 接待岗`)
    await hand.isAt('姓名')
  })

  it('looks for the visitor first, registers him with his opponent, and sees the receipt before it is printed', async () => {
    await hand.types('周大山')
    await hand.sees('没有找到在册的人')
    await hand.tabsTo('电话')
    await hand.types('13900000001')
    await hand.tabsTo('村（社区）')
    await hand.types('石埠')
    await hand.keys('Enter')
    await hand.tabsTo('想办什么（一个词就行）')
    await hand.keys('ArrowRight')
    await hand.tabsTo('说的什么事')
    await hand.types('邻居砌墙堵了屋后的排水沟，雨天进水')
    await hand.tabsTo('对方 1')
    await hand.types('孙二河')
    const [paper] = await Promise.all([running.app.waitForEvent('window'), hand.keys('F9')])
    await hand.sees('已登记')
    number = (await hand.page.locator('.number').innerText()).trim()
    expect(number).toMatch(/^\d\d-01-0001$/)
    await paper.locator('#print:visible').waitFor()
    const sheet = await paper.locator('body').innerText()
    for (const words of ['存根联', '告知联', '来访回执', CENTRE, number, '周大山'])
      expect(sheet).toContain(words)
    // The window is gone before the key comes up again, which the driver takes for a failure.
    await Promise.all([paper.waitForEvent('close'), paper.keyboard.down('Escape').catch(() => undefined)])
  })

  it('is shown on the second visit who it is and what is still open, and goes on with that', async () => {
    await hand.keys('F2')
    await hand.isAt('姓名')
    await hand.types('周大山')
    await hand.button(/周大山/).waitFor()
    await hand.keys('F8', 'Enter')
    await hand.sees('已对上在册人员')
    await hand.sees('还没了结的')
    await hand.presses(`接着 ${number} 办`)
    await hand.sees('这次来访记在它名下')
    await hand.chooses('纠纷调解')
    await hand.fills('说的什么事', '来问什么时候调解')
    await hand.presses('只登记')
    await hand.sees('已登记')
  })

  it('answers a question in one breath, without a name', async () => {
    await hand.tab('当场答复')
    await hand.isAt('问的是什么')
    await hand.types('医保怎么转')
    await hand.keys('Tab', 'Tab')
    await hand.types('到二楼社保窗口，带身份证')
    await hand.keys('Enter')
    await hand.sees('已记下，算一次来访')
    await hand.tab('今日来访')
    await hand.sees('今日来访 3 批')
  })

  it('seals a referral to the counsellor and keeps nothing of it', async () => {
    await hand.tab('转介心理服务')
    await hand.chooses('本人口头同意')
    await hand.fills('姓名', '吴小满')
    await hand.fills('怎么联系才安全', '只发短信，白天')
    await hand.fills('需要什么帮助', '家里出事以后睡不着')
    await hand.presses('密封送出')
    await hand.sees('已密封送出')
    await hand.tab('我的转介')
    await hand.sees('吴小满')
    await hand.sees('已转介，待接收')
  })

  it('accepts the matter so that the limit runs', async () => {
    await hand.desk('事项')
    await hand.opens(number)
    await hand.presses('受理')
    await hand.presses('确定受理')
    await hand.sees(/待指派|已受理/)
    await hand.signsOut()
  })
})

describe('the director', () => {
  it('assigns a mediator from the pool', async () => {
    await hand.signsIn(DIRECTOR.account, PASSWORD)
    await hand.sees('待分派 1 件')
    await hand.opens(number)
    await hand.page.getByRole('checkbox', { name: MEDIATOR.name }).check()
    await hand.presses('确定指派调解员')
    await hand.sees(`承办：${MEDIATOR.name}`)
    await hand.signsOut()
  })
})

describe('the mediator, by mouse', () => {
  it('signs for it and records a session with the usual words', async () => {
    await hand.signsIn(MEDIATOR.account, PASSWORD)
    await hand.opens(number)
    await hand.presses('签收')
    await hand.presses('记下这一次')
    await hand.presses('双方到场')
    await hand.presses('愿意再谈')
    await hand.presses('记下')
    await hand.sees(/双方到场。愿意再谈。/)
  })

  it('records the agreement', async () => {
    await hand.presses('达成协议')
    await hand.chooses('书面协议')
    await hand.presses('由对方修复')
    await hand.fills('协议涉及金额（元）', '3000')
    await hand.presses('确定达成协议')
    await hand.sees('下一步：到约定的日子回访')
    await hand.sees(/由对方修复/)
    await hand.signsOut()
  })
})

describe('the psychological-service worker', () => {
  it('finds what was sealed for her, accepts it and writes a note', async () => {
    await hand.signsIn(CARER.account, PASSWORD)
    await hand.opens('吴小满')
    await hand.sees('只发短信，白天')
    await hand.sees('家里出事以后睡不着')
    await hand.presses('签收')
    await hand.presses('签收', hand.dialog())
    await hand.presses('＋ 记一次服务')
    await hand.fills('记录内容', '第一次面谈，约好下周四再来')
    await hand.presses('保存记录')
    await hand.sees('第一次面谈，约好下周四再来')
  })

  it('changes her post by password and enters somebody on the roster, with ground and end', async () => {
    await hand.switchesTo('特殊人群岗', PASSWORD)
    await hand.misses('吴小满')
    await hand.presses('＋ 登记一位')
    await hand.presses('保存登记')
    await hand.sees('请填写来源文书，没有它不能登记')
    await hand.fills('姓名', '郑归来')
    await hand.selects('类别', '刑满释放人员', hand.record())
    await hand.fills('来源文书', '衔接通知书〔2026〕12 号')
    await hand.fills('批准人', '王平')
    await hand.fills('法律依据', '社区矫正法第五十五条')
    await hand.fills('复核日期', '2029-01-31')
    await hand.presses('保存登记')
    await hand.sees('没有约下次走访')
    await hand.presses('记一次走访')
    await hand.fills('走访情况', '在家，已找到工作')
    await hand.fills('下次走访', '2029-01-15')
    await hand.presses('保存走访')
    await hand.sees('在家，已找到工作')
    await hand.sees('下次走访 2029-01-15')
    await hand.signsOut()
  })
})

describe('the clerk again', () => {
  it('sees the state word of her referral and nothing else', async () => {
    await hand.signsIn(CLERK.account, PASSWORD)
    await hand.tab('我的转介')
    await hand.sees('已签收')
    expect(await hand.reads()).not.toContain('面谈')
    await hand.desk('事项')
    for (const name of ['吴小满', '郑归来']) {
      await hand.keys('Control+K')
      await hand.types(name)
      await hand.keys('Enter')
      await hand.sees(/没有找到|没有这样/)
    }
  })

  it('counts the month, clicks down to what is behind a number, and hands on a workbook', async () => {
    await hand.desk('月度统计')
    await hand.sees(/本月来访 2 批次，另有即问即答 1 次/)
    await hand.presses(/登记事项 1 件$/)
    await hand.sees(number)
    await hand.presses('← 返回月度统计')
    answerDialogs(join(place, 'month.xlsx'))
    await hand.presses('导出 Excel（月报和台账）')
    await hand.sees('台账 1 行')
    const folder = join(place, 'csv')
    mkdirSync(folder)
    const everySheet = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
    execFileSync('soffice', [
      `-env:UserInstallation=file://${join(place, 'office')}`,
      '--headless',
      '--convert-to',
      everySheet,
      '--outdir',
      folder,
      join(place, 'month.xlsx'),
    ])
    const sheets = Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    )
    expect(sheets['month-月报.csv']).toMatch(/来访（批次）,2\b/)
    expect(sheets['month-按村（社区）.csv']).toMatch(/石埠村,/)
    expect(sheets['month-台账.csv']).toContain(number)
    expect(Object.values(sheets).join()).not.toMatch(/13900000001|吴小满|郑归来/)
  })
})
