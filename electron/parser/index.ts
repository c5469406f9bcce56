/** Entry of the parser process: reads untrusted files, holds no keys and opens no database. */
import { AppError } from '../../domain/errors'
import { unpackPackage } from './package'
import type { ParserTask } from '../core/app-types'
import { serveTasks } from './serve'

serveTasks<ParserTask>(async (task) => {
  if (task.kind === 'package' && task['bytes'] instanceof Uint8Array) return unpackPackage(task['bytes'])
  throw new AppError('BAD_INPUT', '不支持的文件类别')
})
