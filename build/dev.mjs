import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from './build.mjs'
import { root, say } from './runtime/paths.mjs'
import { hasDisplay, startApp } from './start.mjs'

/**
 * Rebuilds what changed and starts the application again. There is no development server on purpose: the window loads
 * the same files by the same protocol under the same policy as in the product.
 */
if (!hasDisplay()) {
  say('没有图形界面 / no display: xvfb-run -a npm run dev')
  process.exit(1)
}
const args = process.argv.slice(2)
let child = await startApp(args)
/** @type {NodeJS.Timeout | undefined} */
let timer
const restart = async () => {
  try {
    if ((await buildApp()).length === 0) return
  } catch (error) {
    say(String(error))
    return
  }
  child.kill()
  child = await startApp(args)
}
for (const dir of ['domain', 'db', 'electron', 'renderer']) {
  if (!existsSync(join(root, dir))) continue
  watch(join(root, dir), { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void restart(), 200)
  })
}
