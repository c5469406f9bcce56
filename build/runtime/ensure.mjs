import { pathToFileURL } from 'node:url'
import { ensureAddon } from './addon.mjs'
import { findElectron } from './electron.mjs'

export { ensureAddon }

/**
 * The Electron to run, with a SQLite addon in place that both it and the running Node can load.
 * @returns {Promise<import('./electron.mjs').ElectronRuntime>}
 */
export async function ensureElectron() {
  const runtime = await findElectron()
  await ensureAddon({ electronMajor: runtime.major })
  return runtime
}

// `node build/runtime/ensure.mjs` prepares both and prints where the executable is.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { executable } = await ensureElectron()
  process.stdout.write(`${executable}\n`)
}
