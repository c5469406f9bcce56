import { spawnSync } from 'node:child_process'
import { root } from '../runtime/paths.mjs'

/** Every check, also after one has failed: who mends should see the whole list at once. */
const CHECKS = ['guards', 'size', 'format', 'imports', 'dead', 'types', 'lint']

const failed = CHECKS.filter((name) => {
  process.stdout.write(`\n── check:${name}\n`)
  const result = spawnSync('npm', ['run', '--silent', `check:${name}`], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return result.status !== 0
})
process.stdout.write(failed.length === 0 ? '\nall checks passed\n' : `\nfailed: ${failed.join(', ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
