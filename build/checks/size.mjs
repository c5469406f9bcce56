import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from '../runtime/paths.mjs'
import { sources } from './sources.mjs'

/** Over 300 lines a file is two files that have not met yet; over 500 it fails. */
const WARN = 300
const FAIL = 500

let tooLong = 0
for (const file of sources(/\.(ts|vue|mjs)$/)) {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1
  if (lines <= WARN) continue
  if (lines > FAIL) tooLong += 1
  process.stdout.write(`${lines > FAIL ? 'error' : 'warning'}  ${lines} lines  ${relative(root, file)}\n`)
}
process.exitCode = tooLong > 0 ? 1 : 0
