import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import yauzl from 'yauzl'

/**
 * Unpacks the entries that `nameOf` gives a name to, with their permission bits.
 * @param {string} file
 * @param {string} target
 * @param {(entryName: string) => string | undefined} nameOf
 * @returns {Promise<void>}
 */
export function extractZip(file, target, nameOf) {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (openError, zip) => {
      if (openError) return reject(openError)
      zip.on('error', reject)
      zip.on('end', resolve)
      zip.on('entry', (/** @type {yauzl.Entry} */ entry) => {
        const name = nameOf(entry.fileName)
        if (!name || name.endsWith('/')) return zip.readEntry()
        const path = join(target, name)
        mkdirSync(dirname(path), { recursive: true })
        zip.openReadStream(entry, (readError, stream) => {
          if (readError) return reject(readError)
          const mode = (entry.externalFileAttributes >>> 16) & 0o777
          pipeline(stream, createWriteStream(path, { mode: mode || 0o644 })).then(
            () => zip.readEntry(),
            reject,
          )
        })
      })
      zip.readEntry()
    })
  })
}

/**
 * Playwright drives Electron through the inspector switches, so the test runtime must accept them.
 * @param {string} executable
 */
export async function flip(executable) {
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

/** @param {string} folder @param {string} file */
export async function createAsar(folder, file) {
  mkdirSync(dirname(file), { recursive: true })
  await createPackage(folder, file)
}
