/** `maotiao demo`: the invented town in a folder of its own. */
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { localDateOf } from '../../domain/clock'
import { recoverySheetText } from '../../domain/documents/recoverySheet'
import { POST_NAMES } from '../../domain/posts'
import { takeOwnerLock } from '../../db/ownerLock'
import { buildDemo } from '../core/demo/build'
import { YEAR_BEGINS } from '../core/demo/script'
import { ADMIN, DEMO_PASSWORD, STAFF } from '../core/demo/town'
import { Refused, type Printer } from './output'
import type { GlobalOptions } from './runner'

const MOST = 200_000

/**
 * @param options `matters`: how many, as typed; `seed`: any text
 * @throws Refused BAD_INPUT; AppError ALREADY_SET_UP, IN_USE, READ_ONLY
 */
export async function makeDemo(
  globals: GlobalOptions,
  printer: Printer,
  options: { readonly matters: string; readonly seed: string },
): Promise<void> {
  const matters = Number(options.matters)
  if (!Number.isInteger(matters) || matters < 1 || matters > MOST)
    throw new Refused({ code: 'BAD_INPUT', message: `件数应为 1 到 ${MOST} 的整数。` })
  const dataDir =
    globals.data === undefined ? mkdtempSync(join(tmpdir(), 'maotiao-demo-')) : resolve(globals.data)
  mkdirSync(dataDir, { recursive: true })
  const lock = takeOwnerLock(dataDir)
  try {
    printer.note(`正在生成演示数据：${matters} 件事项……`)
    const made = await buildDemo({ dataDir, matters, seed: options.seed })
    const accounts = [ADMIN, ...STAFF].map(({ account, name, posts }) => ({ account, name, posts }))
    const sheet = recoverySheetText(made.centreName, localDateOf(YEAR_BEGINS), made.recoverySecret)
    printer.result(
      [
        `${made.centreName}（虚构）已生成在 ${dataDir}`,
        `全部账号的密码都是 ${DEMO_PASSWORD}`,
        ...accounts.map(
          (one) => `${one.account}\t${one.name}\t${one.posts.map((post) => POST_NAMES[post]).join('、')}`,
        ),
      ],
      {
        dataDir,
        centreName: made.centreName,
        matters,
        password: DEMO_PASSWORD,
        accounts,
        recoverySheet: sheet,
      },
    )
  } finally {
    lock.release()
  }
}
