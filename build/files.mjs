import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * All files of a folder and below; what begins with a dot is somebody's own.
 * @param {string} dir
 * @returns {string[]}
 */
export function filesUnder(dir) {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.name.startsWith('.')) return []
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}
