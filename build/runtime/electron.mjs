import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDir, readJson, root, say } from './paths.mjs'
import { prepareRegistryRuntime, registryRuntimeFits } from './registry-runtime.mjs'

/**
 * @typedef {object} ElectronRuntime
 * @property {string} dir what ELECTRON_OVERRIDE_DIST_PATH takes
 * @property {string} executable
 * @property {string} version
 * @property {number} major
 * @property {'override' | 'package' | 'registry'} source
 */

const packageDir = join(root, 'node_modules', 'electron')
const DAY = 24 * 60 * 60 * 1000
const PROBE_MS = 10_000
const DOWNLOAD_MS = 10 * 60 * 1000

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const EXECUTABLES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
const executableName = EXECUTABLES[process.platform] ?? 'electron'

/**
 * @param {string} dir
 * @param {ElectronRuntime['source']} source
 * @returns {ElectronRuntime | undefined}
 */
function describe(dir, source) {
  const executable = join(dir, executableName)
  const versionFile = join(dir, 'version')
  if (!existsSync(executable) || !existsSync(versionFile)) return undefined
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
  return { dir, executable, version, major: Number.parseInt(version, 10), source }
}

/**
 * Asks whether the download is worth trying: on a closed network it would hang for minutes. A refusal is remembered
 * for a day, so that a build machine asks once.
 * @param {string} version
 */
async function canDownload(version) {
  const memory = join(cacheDir, 'electron-download.json')
  if (existsSync(memory)) {
    const last = readJson(memory)
    if (last.version === version && Date.now() - last.failedAt < DAY) return false
  }
  const mirror = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror']
  // A mirror or a proxy was set up by somebody who knows this network: take their word for it.
  if (mirror || process.env['ELECTRON_GET_USE_PROXY']) return true
  try {
    const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) })
    if (answer.ok) return true
  } catch {
    // Refused, no name, or too slow: all the same answer.
  }
  say(
    `连不上 Electron ${version} 的下载地址，一天内不再尝试（可设 ELECTRON_MIRROR） / ` +
      `the Electron ${version} download cannot be reached; not asked again for a day`,
  )
  mkdirSync(cacheDir, { recursive: true })
  writeFileSync(memory, JSON.stringify({ version, failedAt: Date.now() }))
  return false
}

/** Runs the `electron` package's own installer, which checks the file against its own list of hashes. */
async function download() {
  say('正在下载 Electron / downloading Electron')
  await new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageDir, 'install.js')], {
      stdio: ['ignore', 2, 2],
      timeout: DOWNLOAD_MS,
    })
    child.on('error', resolve)
    child.on('exit', resolve)
  })
}

/**
 * Finds the Electron to run: the one the person named, the `electron` package's own, or the registry-carried one.
 * @returns {Promise<ElectronRuntime>}
 */
export async function findElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) {
    const named = describe(override, 'override')
    if (!named)
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH：${override} 里没有 Electron / holds no Electron`)
    return named
  }
  const { version } = readJson(join(packageDir, 'package.json'))
  const own = () => {
    const found = describe(join(packageDir, 'dist'), 'package')
    return found?.version === version ? found : undefined
  }
  const present = own()
  if (present) return present
  if (await canDownload(version)) {
    await download()
    const downloaded = own()
    if (downloaded) return downloaded
  }
  if (!registryRuntimeFits()) {
    throw new Error(
      `没有可用的 Electron。请设 ELECTRON_OVERRIDE_DIST_PATH 指向 Electron ${version} 的目录，或设 ELECTRON_MIRROR / ` +
        `no Electron: set ELECTRON_OVERRIDE_DIST_PATH to a folder of Electron ${version}, or ELECTRON_MIRROR`,
    )
  }
  const carried = describe(await prepareRegistryRuntime(), 'registry')
  if (!carried) throw new Error('the prepared Electron is incomplete: delete .cache/runtime and try again')
  return carried
}
