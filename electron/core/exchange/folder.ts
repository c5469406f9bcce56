/**
 * Carrying files between this terminal and the exchange folder (收发目录). Needs no key and no session: sealed files go
 * out and come in; building and importing wait for a person who holds the keys.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '../../../domain/errors'
import { AGE_MAGIC } from './pack'
import { copyFileDurably, writeDurable } from '../../../db/durable'

export interface FolderSetting {
  readonly folder: string
  readonly everyMinutes: number
}
export interface Carried {
  readonly out: number
  readonly in: number
  /** Packages in the in-tray that wait for a session. */
  readonly waiting: number
}

const SETTING = 'exchange-folder.json'
const CARRIED = 'carried.json'

export const outTray = (dataDir: string): string => tray(dataDir, 'outbox')
export const inTray = (dataDir: string): string => tray(dataDir, 'inbox')

function tray(dataDir: string, name: string): string {
  const path = join(dataDir, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** Not in the database: carrying works with nobody signed in. Paths of this machine only, nothing personal. */
export function readFolderSetting(dataDir: string): FolderSetting | null {
  const path = join(dataDir, SETTING)
  if (!existsSync(path)) return null
  const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<FolderSetting>
  return typeof value.folder === 'string' && value.folder !== '' && typeof value.everyMinutes === 'number'
    ? { folder: value.folder, everyMinutes: value.everyMinutes }
    : null
}

export function writeFolderSetting(dataDir: string, setting: FolderSetting | null): void {
  writeDurable(join(dataDir, SETTING), Buffer.from(JSON.stringify(setting ?? {}), 'utf8'))
}

/** Names of files that went out or came in, so that each is carried once; the carrier's folder is never emptied. */
function readCarried(dataDir: string): Set<string> {
  const path = join(dataDir, CARRIED)
  return new Set(existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as string[]) : [])
}

/** Packages are recognised by their bytes: other files of a shared folder are nobody's business here. */
function isPackageFile(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const start = Buffer.alloc(AGE_MAGIC.length)
    readSync(fd, start, 0, start.length, 0)
    return start.toString('latin1') === AGE_MAGIC
  } finally {
    closeSync(fd)
  }
}

/** @returns the paths of the packages in a folder, in the order of their names */
export function packagesIn(folder: string): string[] {
  return filesIn(folder)
    .map((name) => join(folder, name))
    .filter(isPackageFile)
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.writing'))
    .map((entry) => entry.name)
    .sort()

/** A name alone is not enough: carriers rename, and a cut copy is replaced by a whole one under the same name. */
const markOf = (folder: string, name: string): string => `${name} ${statSync(join(folder, name)).size}`

/** @throws AppError NOT_FOUND when the folder is not there (stick pulled out, share not connected); nothing is lost then */
export function carry(dataDir: string): Carried {
  const setting = readFolderSetting(dataDir)
  const waitingNow = (): number => filesIn(inTray(dataDir)).length
  if (setting === null) return { out: 0, in: 0, waiting: waitingNow() }
  if (!existsSync(setting.folder)) {
    throw new AppError(
      'NOT_FOUND',
      '收发目录现在连不上（U 盘未插或共享未连接）。待发的数据包都还在，连上后会自动继续。',
    )
  }
  const carried = readCarried(dataDir)
  const before = carried.size
  let sent = 0
  for (const name of filesIn(outTray(dataDir))) {
    const from = join(outTray(dataDir), name)
    copyFileDurably(from, join(setting.folder, name))
    carried.add(markOf(setting.folder, name))
    rmSync(from)
    sent += 1
  }
  let received = 0
  for (const name of filesIn(setting.folder)) {
    const mark = markOf(setting.folder, name)
    if (carried.has(mark) || !isPackageFile(join(setting.folder, name))) continue
    copyFileDurably(join(setting.folder, name), join(inTray(dataDir), name))
    carried.add(mark)
    received += 1
  }
  if (carried.size !== before)
    writeDurable(join(dataDir, CARRIED), Buffer.from(JSON.stringify([...carried]), 'utf8'))
  return { out: sent, in: received, waiting: waitingNow() }
}

/** Packages that wait in the in-tray, oldest name first. */
export function waitingFiles(dataDir: string): string[] {
  return filesIn(inTray(dataDir)).map((name) => join(inTray(dataDir), name))
}

/** Keeps a copy of a package that waits, so that it is taken in when its time comes, wherever its stick is then. */
export function keepWaiting(dataDir: string, path: string): void {
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
  copyFileDurably(path, join(inTray(dataDir), `waits-${hash}.mtp`))
}

/** Done with: applied or known. */
export function dropWaiting(path: string): void {
  rmSync(path, { force: true })
}

/** 待查数据包: kept whole for a person to look at, out of the way of the next round. */
export function setAside(dataDir: string, path: string): void {
  const folder = tray(dataDir, 'quarantine')
  renameSync(path, join(folder, basename(path)))
}
