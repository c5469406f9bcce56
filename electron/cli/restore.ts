/** Putting a backup back. The account is proved against the backup's own keys first; what was there is moved aside. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { COMPARTMENT_NAMES } from '../../domain/compartments'
import { localMinuteOf } from '../../domain/clock'
import { restoreFolder } from '../core/restore'
import { Refused, type Printer } from './output'
import { askPassword } from './prompt'
import type { GlobalOptions } from './runner'

export async function restore(options: GlobalOptions, printer: Printer, from: string): Promise<void> {
  const { data, account } = options
  if (data === undefined || account === undefined) {
    throw new Refused({
      code: 'BAD_INPUT',
      message: '请用 --data 指明恢复到哪个文件夹，用 --account 指明账号。',
    })
  }
  const dataDir = resolve(data)
  mkdirSync(dataDir, { recursive: true })
  const restored = restoreFolder({
    dataDir,
    from: resolve(from),
    account,
    password: await askPassword(),
    clock: { now: () => Date.now() },
  })
  printer.result(
    [
      `已恢复到 ${dataDir}`,
      ...restored.compartments.map(
        (one) => `${COMPARTMENT_NAMES[one.compartment]}：${localMinuteOf(one.madeAt)} 的备份`,
      ),
      ...(restored.movedTo === null ? [] : [`原来的数据已移到 ${restored.movedTo}`]),
      '本机成为新的副本，编号从新的号段开始；请尽快与其他终端收发一次数据包。',
    ],
    restored,
  )
}
