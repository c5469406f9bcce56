/** `maotiao`: the same core in plain Node (README, command line). */
import { Command, CommanderError } from 'commander'
import * as commands from './commands'
import { makeDemo } from './demo'
import { EXIT, printer } from './output'
import { restore } from './restore'
import { refusalOf, withCore, type GlobalOptions, type Runner } from './runner'

interface Globals extends GlobalOptions {
  readonly json?: true
}

const program = new Command('maotiao')
  .description(
    '矛调工作台命令行：与窗口程序使用同一个核心。密码取自环境变量 MAOTIAO_PASSWORD 或提问，不作为参数。',
  )
  .option('--data <文件夹>', '数据文件夹')
  .option('--account <账号>', '以哪个账号操作')
  .option('--json', '以 JSON 输出')
  .helpOption('-h, --help', '显示帮助')
  .helpCommand(false)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '用法错误：')) })
  .exitOverride()

const print = () => printer(program.opts<Globals>().json === true ? 'json' : 'text')
const inFolder = (work: (runner: Runner) => Promise<void>): Promise<void> =>
  withCore(program.opts<Globals>(), print(), work)

function add(parent: Command, usage: string, description: string): Command {
  return parent.command(usage).description(description).helpOption('-h, --help', '显示帮助').exitOverride()
}

add(program, 'init', '新建中心')
  .requiredOption('--centre <名称>', '中心名称')
  .requiredOption('--area <代码>', '12 位行政区划代码')
  .requiredOption('--admin <账号>', '第一位管理员的账号')
  .option('--admin-name <姓名>', '管理员姓名，默认同账号')
  .option('--terminal <名称>', '本机名称', '一号终端')
  .action((options: commands.InitOptions) => inFolder((runner) => commands.init(runner, options)))

const join = add(program, 'join', '加入已有中心')
add(join, 'request', '在新终端上写加入申请')
  .requiredOption('--out <文件>', '申请文件')
  .option('--terminal <名称>', '本机名称', '新终端')
  .action((options: { out: string; terminal: string }) =>
    inFolder((runner) => commands.joinRequest(runner, options.out, options.terminal)),
  )
add(join, 'answer <申请文件>', '在准入终端上答复')
  .requiredOption('--out <文件>', '答复文件')
  .option('--check <核对码>', '新终端屏幕上的核对码')
  .action((request: string, options: { out: string; check?: string }) =>
    inFolder((runner) => commands.joinAnswer(runner, request, options.out, options.check)),
  )
add(join, 'finish <答复文件>', '在新终端上完成加入')
  .option('--yes', '已核对中心核对码（脚本用）')
  .action((answer: string, options: { yes?: true }) => {
    const account = program.opts<Globals>().account
    if (account === undefined) throw new CommanderError(EXIT.usage, 'usage', '请用 --account 指明账号')
    return inFolder((runner) =>
      commands.joinFinish(runner, answer, account, options.yes === true ? 'given' : 'asked'),
    )
  })

add(program, 'demo', '生成演示数据（虚构的小镇，一年）')
  .option('--matters <件数>', '事项件数', '300')
  .option('--seed <种子>', '随机种子', '1')
  .action((options: { matters: string; seed: string }) => makeDemo(program.opts<Globals>(), print(), options))

add(program, 'routes', '列出全部功能及其权限和输入格式').action(() => {
  const rows = commands.routes()
  print().result(
    rows.map(
      (row) =>
        `${row.name}\t${row.kind}\t${row.permission}\t${row.compartment}\t${JSON.stringify(row.input)}`,
    ),
    rows,
  )
})
add(program, 'call <功能>', '调用一项功能，输入输出都是 JSON')
  .option('--input <文件>', 'JSON 文件，- 表示标准输入')
  .action((name: string, options: { input?: string }) =>
    inFolder((runner) => commands.callRoute(runner, name, options.input)),
  )
add(program, 'stats', '月度统计和台账')
  .requiredOption('--month <YYYY-MM>', '月份')
  .requiredOption('--out <文件>', '写到哪个 xlsx 文件')
  .action((options: { month: string; out: string }) =>
    inFolder((runner) => commands.stats(runner, options.month, options.out)),
  )

const identity = add(program, 'identity', '终端名片')
add(identity, 'show', '显示本机和本中心的身份').action(() => inFolder(commands.identity))

const exchange = add(program, 'exchange', '数据包收发')
add(exchange, 'export', '导出数据包')
  .requiredOption('--to <对象>', '终端号、终端名称，或 centre（全中心）')
  .requiredOption('--out <文件夹>', '写到哪个文件夹')
  .action((options: { to: string; out: string }) =>
    inFolder((runner) => commands.exchangeExport(runner, options.to, options.out)),
  )
add(exchange, 'import <路径>', '导入一个数据包或一个文件夹').action((path: string) =>
  inFolder((runner) => commands.exchangeImport(runner, path)),
)
add(exchange, 'run', '与收发目录收发一次；不登录时只搬运文件').action(() =>
  inFolder((runner) =>
    commands.exchangeRun(runner, program.opts<Globals>().account === undefined ? 'carry' : 'account'),
  ),
)

add(program, 'dump', '逻辑导出')
  .requiredOption('--logical', '规范化的逻辑导出')
  .option('--compartment <库>', '库名', 'base')
  .action((options: { compartment: string }) =>
    inFolder((runner) => commands.dump(runner, options.compartment)),
  )
add(program, 'verify', '校验数据、变更链和操作日志').action(() => inFolder(commands.verify))
add(program, 'backup', '备份')
  .requiredOption('--out <文件夹>', '备份到哪个文件夹')
  .action((options: { out: string }) => inFolder((runner) => commands.backup(runner, options.out)))
add(program, 'restore', '从备份恢复到新的数据文件夹')
  .requiredOption('--from <文件夹>', '备份所在文件夹')
  .action((options: { from: string }) => restore(program.opts<Globals>(), print(), options.from))

try {
  await program.parseAsync()
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    // Commander has printed its own sentence; help and version are no error.
    process.exitCode = thrown.exitCode === 0 ? EXIT.done : EXIT.usage
  } else {
    print().refused(refusalOf(thrown).body)
    process.exitCode = EXIT.refused
  }
}
