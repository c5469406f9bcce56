/** What SQLite and the file system say, in a clerk's words: what happened, what was kept, what to do. */
import { AppError, type ErrorCode } from '../domain/errors'

const CAUSES: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    'DISK_FULL',
    '磁盘已满，这一次没有保存。填写的内容还在屏幕上，请清理磁盘空间后再点保存；以前保存的都在。',
  ],
  [
    /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EROFS|EACCES|EPERM)/,
    'READ_ONLY',
    '数据文件夹不能写入，这一次没有保存。以前保存的都在，请检查文件夹权限或磁盘是否写保护。',
  ],
  [
    /^(SQLITE_BUSY|SQLITE_LOCKED)/,
    'IN_USE',
    '数据正被另一个程序占用，这一次没有保存。填写的内容还在，请稍等再试。',
  ],
  [
    /^(SQLITE_CORRUPT|SQLITE_NOTADB)/,
    'FILE_DAMAGED',
    '数据文件有损坏，这一步没有完成，文件没有被改动。请停止录入，从最近的备份恢复。',
  ],
  [
    /^(ENOENT|ENOTDIR|EISDIR)/,
    'NOT_FOUND',
    '找不到所选的文件或文件夹，这一步没有完成。已保存的内容都在，请检查后重新选择。',
  ],
  [
    /^(SQLITE_IOERR|EIO)/,
    'UNEXPECTED',
    '磁盘读写出错，这一次没有保存。填写的内容还在屏幕上，请检查磁盘，重新启动程序后再试。',
  ],
]

/** @returns the code of a thrown SQLite or file-system error (`SQLITE_FULL`, `ENOSPC`), else an empty text. */
export function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : ''
  return typeof code === 'string' ? code : ''
}

/**
 * @param thrown whatever was caught
 * @returns itself if it already is an error for people; else one with a code and a Chinese sentence
 */
export function classifyError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const code = codeOf(thrown)
  for (const [pattern, errorCode, message] of CAUSES) {
    if (pattern.test(code)) return new AppError(errorCode, message, { cause: thrown })
  }
  return new AppError('UNEXPECTED', '程序出错了，这一步没有完成。已保存的内容都在，请再试一次。', {
    cause: thrown,
  })
}
