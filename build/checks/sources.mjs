import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../runtime/paths.mjs'

/**
 * The files of the project as git knows them, new ones included and ignored ones not.
 * @param {RegExp} name
 * @returns {string[]}
 */
export function sources(name) {
  const { stdout, status, stderr } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    },
  )
  if (status !== 0) throw new Error(`git ls-files: ${stderr}`)
  return stdout
    .split('\0')
    .filter((path) => name.test(path))
    .map((path) => join(root, path))
    .filter(existsSync)
}
