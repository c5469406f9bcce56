import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp, bundleScript } from './build.mjs'
import { ensureElectron } from './runtime/ensure.mjs'
import { root, say } from './runtime/paths.mjs'

/** `npm run bench [-- --json]`: runs tests/bench/index.ts against the built application. */
const entry = 'tests/bench/index.ts'
if (!existsSync(join(root, entry))) {
  say(`${entry} 不存在 / is missing`)
  process.exit(1)
}
const runtime = await ensureElectron()
await buildApp()
const script = await bundleScript(entry)
const result = spawnSync(
  process.execPath,
  ['--expose-gc', '--enable-source-maps', script, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.dir },
  },
)
process.exit(result.status ?? 1)
