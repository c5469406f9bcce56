/**
 * One owner of a data folder (DESIGN.md section 6): `owner.lock` is a second SQLite file held in BEGIN EXCLUSIVE. The
 * operating system frees it within a millisecond of the owner's death, so nothing stale is ever left to remove.
 */
import { join } from 'node:path'
import { AppError } from '../domain/errors'
import { classifyError, codeOf } from './errors'
import { connect } from './open'

export interface OwnerLock {
  release(): void
}

/**
 * @param dataDir existing folder
 * @throws AppError IN_USE at once when another process owns it, READ_ONLY when the folder cannot be written
 */
export function takeOwnerLock(dataDir: string): OwnerLock {
  const connection = connect(join(dataDir, 'owner.lock'), 'write')
  try {
    connection.pragma('busy_timeout = 0')
    // A journal in memory: the lock file itself never needs another file beside it.
    connection.pragma('journal_mode = MEMORY')
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    if (codeOf(error).startsWith('SQLITE_BUSY')) {
      throw new AppError(
        'IN_USE',
        '这个数据文件夹正在被另一个窗口或命令使用。数据没有任何改动，请先关闭那一个再打开。',
        { cause: error },
      )
    }
    throw classifyError(error)
  }
  return {
    release: () => {
      connection.close()
    },
  }
}
