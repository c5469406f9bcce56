import { open, rename, rm } from 'node:fs/promises'
import { AppError } from '../../domain/errors'

/**
 * Writes a file a person asked for: whole under its name, or not there at all.
 * @throws AppError DISK_FULL or READ_ONLY with a sentence for the person
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const part = `${path}.part`
  try {
    const file = await open(part, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw asAppError(error)
  }
}

function asAppError(error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', '磁盘已满，文件没有保存。系统里的内容不受影响，请换一个位置再存。', {
      cause: error,
    })
  }
  return new AppError(
    'READ_ONLY',
    '这个位置不能写入，文件没有保存。系统里的内容不受影响，请换一个位置再存。',
    {
      cause: error,
    },
  )
}
