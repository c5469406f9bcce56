import { appendFileSync, renameSync, statSync } from 'node:fs'

const MAX_BYTES = 1_000_000

/**
 * Short lines for the administrator: what started, ended, failed. Callers give ids, routes and codes, never values,
 * since the file lies there in clear. Writing never fails anybody.
 * @param file path of the log, in a folder that is there; one older one is kept beside it
 */
export function createLog(file: string): (line: string) => void {
  return (line) => {
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`)
      appendFileSync(file, `${new Date().toISOString()} ${line.replaceAll('\n', ' ').slice(0, 500)}\n`)
    } catch {
      // A full disk is reported where something is saved.
    }
  }
}
