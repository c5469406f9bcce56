/** The second way out of a window, beside the core's port: what only the operating system can do. */
import {
  BrowserWindow,
  ipcMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type WebContents,
} from 'electron'
import { NATIVE, type NativeInput, type NativeName, type NativeOutput } from '../../domain/contract/native'
import { AppError, type Result } from '../../domain/errors'
import { ORIGIN } from './protocol'

export interface Asking {
  readonly contents: WebContents
  readonly window: BrowserWindow
}
export type NativeHandlers = {
  readonly [N in NativeName]: (
    input: NativeInput<N>,
    asking: Asking,
  ) => NativeOutput<N> | Promise<NativeOutput<N>>
}
type Role = 'desk' | 'paper'

export interface NativeOptions {
  readonly handlers: NativeHandlers
  /** What a window of ours is; undefined for contents we did not make. */
  readonly roleOf: (contents: WebContents) => Role | undefined
  readonly connect: (contents: WebContents) => void
  readonly log: (line: string) => void
}

/** Answers windows: every message is checked for its sender, parsed, and answered with a Result; none rejects. */
export function serveNative({ handlers, roleOf, connect, log }: NativeOptions): void {
  ipcMain.on('maotiao:connect', (event) => {
    if (isOurs(event) && roleOf(event.sender) === 'desk') connect(event.sender)
    else log('refused: connect from a foreign sender')
  })

  ipcMain.handle('maotiao:native', async (event, name: unknown, input: unknown): Promise<Result<unknown>> => {
    const role = isOurs(event) ? roleOf(event.sender) : undefined
    const window = BrowserWindow.fromWebContents(event.sender)
    if (role === undefined || window === null) {
      log('refused: call from a foreign sender')
      return refuse(new AppError('FORBIDDEN', '这个窗口不能使用本机功能。'))
    }
    if (!isNativeName(name) || NATIVE[name].from !== role) {
      return refuse(new AppError('ROUTE_NOT_FOUND', '没有这个本机功能。'))
    }
    try {
      return { ok: true, data: await run(handlers, name, input, { contents: event.sender, window }) }
    } catch (error) {
      if (error instanceof AppError) return refuse(error)
      log(`native ${name} failed: ${error instanceof Error ? error.name : typeof error}`)
      return refuse(new AppError('UNEXPECTED', '这一步没有完成，系统里的内容不受影响。请再试一次。'))
    }
  })
}

async function run<N extends NativeName>(
  handlers: NativeHandlers,
  name: N,
  input: unknown,
  asking: Asking,
): Promise<unknown> {
  const parsed = NATIVE[name].input.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AppError('BAD_INPUT', '传给本机功能的内容不对，没有执行。请再试一次；还不行请告诉管理员。', {
      field: issue?.path.join('.') ?? '',
    })
  }
  return handlers[name](parsed.data as NativeInput<N>, asking)
}

/** Item 17 of the checklist: our own page, and its top frame. */
function isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame === event.sender.mainFrame && frame.url.startsWith(`${ORIGIN}/`)
}

function isNativeName(name: unknown): name is NativeName {
  return typeof name === 'string' && Object.hasOwn(NATIVE, name)
}

function refuse(error: AppError): Result<never> {
  return { ok: false, error: error.toBody() }
}
