import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cacheDir, readJson, root, say, sha256, withLock } from './paths.mjs'

const addonDir = join(root, 'node_modules', 'better-sqlite3')
const header = join(root, 'build', 'runtime', 'sqlite-napi9.h')

/** Node-API 10 is what the addon's shipped binary is built for; below it the binary loads and then crashes. */
const WANTED_NODE_API = 10

/** @returns {string} the name the addon looks its binary up by, e.g. linux-x64 or linuxmusl-arm64 */
function target() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  const libc = process.platform === 'linux' && !report.header?.glibcVersionRuntime ? 'musl' : ''
  return `${process.platform}${libc}-${process.arch}`
}

/** @param {string} from @param {string} to */
function replaceFile(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  const temporary = `${to}.${process.pid}.tmp`
  copyFileSync(from, temporary)
  renameSync(temporary, to)
}

/** @param {string} path */
const hashOf = (path) => (existsSync(path) ? sha256(readFileSync(path)) : '')

/** Headers of the running Node, so that node-gyp fetches nothing. Node-API is ABI-stable: they serve Electron too. */
function nodeHeaders() {
  const prefix = join(dirname(process.execPath), '..')
  const found = [prefix, '/usr', '/usr/local'].find((dir) => existsSync(join(dir, 'include/node/node_api.h')))
  return found ? [`--nodedir=${found}`] : []
}

/** @param {string} output where the finished binary goes */
function compile(output) {
  say(
    '正在为当前运行环境编译数据库组件（只需一次，约一分钟） / compiling the database addon once, about a minute',
  )
  const work = mkdtempSync(join(cacheDir, 'addon-build-'))
  try {
    // A copy: a half-finished build must never be seen by a process that loads the addon meanwhile.
    cpSync(addonDir, join(work, 'addon'), { recursive: true })
    const require = createRequire(join(root, 'package.json'))
    const args = [
      require.resolve('node-gyp/bin/node-gyp.js'),
      'rebuild',
      '--release',
      '--force_build=1',
      '--jobs=2',
      ...nodeHeaders(),
    ]
    const result = spawnSync(process.execPath, args, {
      cwd: join(work, 'addon'),
      env: {
        ...process.env,
        CXXFLAGS: `-include "${header}" ${process.env['CXXFLAGS'] ?? ''}`,
      },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    if (result.status !== 0) {
      const log = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.split('\n').slice(-40).join('\n')
      throw new Error(
        `数据库组件编译失败（需要 python3、make、g++） / the addon did not compile (needs python3, make, g++)\n${log}`,
      )
    }
    replaceFile(join(work, 'addon/build/Release/better_sqlite3.node'), output)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * Puts a SQLite binary in place that every runtime of this machine can load. The compiled one serves Node-API 9 and
 * later alike, so once it is in place it stays; where nothing needs it, the shipped binary is left alone.
 * @param {{ electronMajor?: number | undefined }} [runtime] the Electron that will load the addon, if any
 */
export async function ensureAddon(runtime = {}) {
  // Electron 35 is the first with Node-API 10.
  const electronIsOld = runtime.electronMajor !== undefined && runtime.electronMajor < 35
  if (Number(process.versions.napi) >= WANTED_NODE_API && !electronIsOld) return

  const name = target()
  const installed = join(addonDir, 'prebuilds', `${name}.node`)
  const { version } = readJson(join(addonDir, 'package.json'))
  const compiled = join(cacheDir, 'addon', `${version}-${name}-${hashOf(header).slice(0, 12)}.node`)
  if (existsSync(compiled) && hashOf(installed) === hashOf(compiled)) return
  await withLock('addon', () => {
    if (!existsSync(compiled)) compile(compiled)
    if (hashOf(installed) !== hashOf(compiled)) replaceFile(compiled, installed)
  })
}
