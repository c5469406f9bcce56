import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from './build.mjs'
import { ensurePackages, PACKAGES } from './debian.mjs'
import { ensureElectron } from './runtime/ensure.mjs'
import { readJson, root, say } from './runtime/paths.mjs'

/**
 * `npm test`: everything. `npm test -- unit`, `-- e2e`, `-- tests/db/open.test.ts`: a part; words from the first
 * switch on (`-t NAME`) go to vitest as they are. The last line is always `N passed, N failed`.
 */
const words = process.argv.slice(2)
const firstSwitch = words.findIndex((word) => word.startsWith('-'))
const wanted = firstSwitch < 0 ? words : words.slice(0, firstSwitch)
const passedOn = firstSwitch < 0 ? [] : words.slice(firstSwitch)
const paths = wanted.filter((word) => word !== 'unit' && word !== 'e2e')
/** @param {string} path */
const isE2e = (path) => path.includes('e2e')
const all = wanted.length === 0
const unit = all || wanted.includes('unit') || paths.some((path) => !isE2e(path))
const e2e = all || wanted.includes('e2e') || paths.some(isE2e)

const results = join(root, 'test-results')
let passed = 0
let failed = 0
let skipped = 0

/** @param {string} why */
function fail(why) {
  say(why)
  failed += 1
}

/**
 * @param {string} name
 * @param {number | null} status
 */
function count(name, status) {
  const file = join(results, `${name}.json`)
  if (!existsSync(file)) return fail(`${name}: vitest 没有给出结果 / left no result`)
  const report = readJson(file)
  passed += report.numPassedTests
  skipped += report.numPendingTests + report.numTodoTests
  // A file that did not even load has no tests to count: it counts as one that failed.
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ suite) =>
      suite.status === 'failed' && suite.assertionResults.length === 0,
  ).length
  failed += report.numFailedTests + broken
  if (status !== 0 && report.numFailedTests + broken === 0)
    fail(`${name}: vitest 退出码 / exit code ${status}`)
}

/**
 * @param {string} name
 * @param {string} config
 * @param {string[]} filters
 * @param {{ virtualScreen: boolean, env: NodeJS.ProcessEnv }} how
 */
function runVitest(name, config, filters, { virtualScreen, env }) {
  rmSync(join(results, `${name}.json`), { force: true })
  const command = [
    process.execPath,
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    `--config=${config}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(results, `${name}.json`)}`,
    ...filters,
    ...passedOn,
  ]
  if (virtualScreen) command.unshift('xvfb-run', '-a', '-s', '-screen 0 1920x1080x24')
  const [program = '', ...args] = command
  const result = spawnSync(program, args, { stdio: 'inherit', cwd: root, env })
  count(name, result.status)
}

function finish() {
  if (skipped > 0) say(`${skipped} 项被跳过，视为失败 / skipped, which is a failure`)
  if (passed + failed === 0) say('没有运行任何测试 / no test ran')
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  process.exit(failed > 0 || skipped > 0 || passed === 0 ? 1 : 0)
}

try {
  mkdirSync(results, { recursive: true })
  const runtime = await ensureElectron()
  say(`Electron ${runtime.version} (${runtime.source}), Node ${process.versions.node}`)
  // A part of the tests must not wait for a window that somebody is in the middle of changing.
  await buildApp(e2e ? {} : { only: ['node', 'preload'] })
  // Building leaves NODE_ENV at production in this process; Vue would leave out what its test tools rely on.
  const env = { ...process.env, NODE_ENV: 'test', ELECTRON_OVERRIDE_DIST_PATH: runtime.dir }

  const complete = ensurePackages(e2e ? [...PACKAGES.tools, ...PACKAGES.window] : PACKAGES.tools)
  const canShow = complete || !e2e || ensurePackages(PACKAGES.window)
  if (unit) {
    runVitest(
      'unit',
      'vitest.config.ts',
      paths.filter((path) => !isE2e(path)),
      { virtualScreen: false, env },
    )
  }
  if (e2e) {
    if (all) rmSync(join(results, 'screens'), { recursive: true, force: true })
    if (!canShow) fail('缺少软件包，端到端测试未运行 / packages are missing, no end-to-end test ran')
    else
      runVitest('e2e', 'vitest.e2e.config.ts', paths.filter(isE2e), {
        virtualScreen: !process.env['DISPLAY'],
        env,
      })
  }
} catch (error) {
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
}
finish()
