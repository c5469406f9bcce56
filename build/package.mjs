import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, Platform } from 'electron-builder'
import { buildApp } from './build.mjs'
import { ensureElectron } from './runtime/ensure.mjs'
import { readJson, root, say } from './runtime/paths.mjs'

/**
 * `npm run package`: the application as a folder under dist/, with the Electron that was found. Installers for a
 * platform are made from it where the tools for them are; see docs.
 */
const runtime = await ensureElectron()
await buildApp()
const wanted = readJson(join(root, 'node_modules/electron/package.json')).version
if (runtime.version !== wanted) {
  say(
    `打包用的是测试用 Electron ${runtime.version}，不可交付 / packed with the test runtime, not for delivery: the product needs ${wanted}`,
  )
}

const target = `${process.platform}-${process.arch}`
await build({
  targets: Platform.current().createTarget('dir'),
  publish: 'never',
  config: {
    appId: 'cn.maotiao.desk',
    productName: '矛调工作台',
    executableName: 'maotiao-desk',
    copyright: 'Apache-2.0',
    directories: { output: 'dist', buildResources: 'build' },
    electronDist: runtime.dir,
    electronVersion: runtime.version,
    electronLanguages: ['zh-CN', 'en-US'],
    npmRebuild: false,
    asar: true,
    // The addon is a file the system must be able to load; of its sources and other platforms nothing is shipped.
    asarUnpack: ['node_modules/better-sqlite3/**/*.node'],
    files: [
      'package.json',
      'out/**/*',
      '!out/**/*.map',
      '!out/.*.json',
      '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
      '!node_modules/better-sqlite3/prebuilds/*',
      `node_modules/better-sqlite3/prebuilds/${target}.node`,
    ],
    extraFiles: [{ from: 'LICENSE', to: 'LICENSE.txt' }],
    linux: { category: 'Office', icon: 'icons' },
    // The folder a person may not write to starts one application and no other.
    afterPack: ({ appOutDir }) => rmSync(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
      enableEmbeddedAsarIntegrityValidation: process.platform !== 'linux',
    },
  },
})

const folder = { linux: 'linux-unpacked', win32: 'win-unpacked' }[String(process.platform)] ?? 'mac'
const executable = join(
  root,
  'dist',
  folder,
  process.platform === 'win32' ? 'maotiao-desk.exe' : 'maotiao-desk',
)
if (existsSync(executable)) {
  // Read back from what will be delivered, not from what was asked for.
  const fuses = spawnSync(
    process.execPath,
    [join(root, 'node_modules/@electron/fuses/dist/bin.js'), 'read', '--app', executable],
    { encoding: 'utf8' },
  )
  process.stdout.write(fuses.stdout)
  say(`dist/${folder}`)
}
