import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildApp } from './build.mjs'
import { ensureElectron } from './runtime/ensure.mjs'
import { readJson, root, say } from './runtime/paths.mjs'

/** @param {string[]} args @returns {Promise<import('node:child_process').ChildProcess>} */
export async function startApp(args) {
  const runtime = await ensureElectron()
  await buildApp()
  if (!existsSync(join(root, 'out/main/index.js')))
    throw new Error('electron/main/index.ts 不存在 / is missing')

  const wanted = readJson(join(root, 'node_modules/electron/package.json')).version
  if (runtime.version !== wanted) {
    say(
      `以 Electron ${runtime.version} 运行（正式版用 ${wanted}） / running on Electron ${runtime.version}, the product is built for ${wanted}`,
    )
  }
  const flags = []
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say(
      '以 root 运行，已加 --no-sandbox（安装版从不这样做） / running as root: --no-sandbox added, packaged builds never do',
    )
    flags.push('--no-sandbox')
  }
  return spawn(runtime.executable, [...flags, root, ...args], { stdio: 'inherit', cwd: root })
}

/** A window needs a display; Electron's own message for this is a crash. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!hasDisplay()) {
    const script = process.env['npm_lifecycle_event'] === 'demo' ? 'run demo' : 'start'
    say(
      `没有图形界面。可用虚拟屏幕启动： / no display. Start it on a virtual one:\n  xvfb-run -a -s "-screen 0 1920x1080x24" npm ${script}`,
    )
    process.exit(1)
  }
  const child = await startApp(process.argv.slice(2))
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}
