import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface StartOptions {
  readonly dataDir: string
  readonly demo: boolean
  /** Folder of the window's own files (lock of the single instance, log, type size). One per data folder. */
  readonly profileDir: string
  /** Throw-away folder to remove at the end, or null. */
  readonly temporaryDir: string | null
}

/**
 * Reads `--data DIR` and `--demo` (a throw-away folder). The profile follows the data folder, so that a second start
 * on the same folder finds the first one, while another folder may run beside it.
 * @param argv command line, the program's own name included
 * @param places `userData`: default profile folder; `temp`: where a throw-away folder may lie; `cwd`: of relative paths
 * @returns the folders to use; only the throw-away folder and the data folder are made
 */
export function readStartOptions(
  argv: readonly string[],
  places: { readonly userData: string; readonly temp: string; readonly cwd: string },
): StartOptions {
  const demo = argv.includes('--demo')
  const named = dataArgument(argv)
  if (demo && named === undefined) {
    const temporaryDir = mkdtempSync(join(places.temp, 'maotiao-demo-'))
    // The profile stays behind: Chromium writes to it after everything of ours has ended.
    const profileDir = join(places.userData, 'demo')
    return { dataDir: join(temporaryDir, 'data'), demo, profileDir, temporaryDir }
  }
  if (named === undefined) {
    return { dataDir: join(places.userData, 'data'), demo, profileDir: places.userData, temporaryDir: null }
  }
  const dataDir = realPath(resolve(places.cwd, named))
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return { dataDir, demo, profileDir: join(places.userData, 'folders', key), temporaryDir: null }
}

function dataArgument(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--data')
  const value =
    at < 0 ? argv.find((item) => item.startsWith('--data='))?.slice('--data='.length) : argv[at + 1]
  return value === undefined || value === '' || value.startsWith('--') ? undefined : value
}

/** Two names of one folder are one folder. A folder that cannot be made is reported by the core, in its own words. */
function realPath(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Node-API of the SQLite addon as published; a development runtime may bring one compiled for the older level. */
const NEEDED_NODE_API = { packaged: 10, development: 9 } as const

/**
 * @param napi `process.versions.napi`
 * @param kind of this build
 * @returns a sentence for the person, or null when the runtime can load the database
 */
export function nodeApiProblem(napi: string | undefined, kind: keyof typeof NEEDED_NODE_API): string | null {
  const have = Number(napi ?? 0)
  const need = NEEDED_NODE_API[kind]
  if (have >= need) return null
  return `本机的运行环境太旧（Node-API ${have}，需要 ${need} 以上），打不开数据库。数据没有改动。请安装新版矛调工作台，或请管理员更新运行环境。`
}
