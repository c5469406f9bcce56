/** Entry of the core process: hosts the application's core and serves windows' ports. No rule of the trade here. */
import { randomBytes } from 'node:crypto'
import { AppError, type Result } from '../../domain/errors'
import { createCoreApp } from './app'
import type { CoreApp } from './app-types'
import { createParserClient, createReaderClient } from './child-client'
import type { CoreArguments, CoreMessage, HostMessage } from './host-messages'
import { createWindowPorts, hostedChildren } from './ports'

const parent = process.parentPort
const start = JSON.parse(process.argv[2] ?? '{}') as CoreArguments
const tell = (message: CoreMessage) => parent.postMessage(message)
const log = (line: string) => tell({ kind: 'log', line })

const children = hostedChildren(parent)
const parser = createParserClient(children.open('parser'))
const reader = createReaderClient(children.open('reader'))
let app: CoreApp | null = null
let opening: Promise<CoreApp> | null = null

/** Opens the data folder; a refusal (in use, read-only, …) is forgotten, so that the next question tries again. */
function open(): Promise<CoreApp> {
  opening ??= createCoreApp({
    dataDir: start.dataDir,
    demo: start.demo,
    appVersion: start.version,
    clock: { now: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log,
    parser,
    reader,
  }).then(
    (opened) => {
      app = opened
      opened.onEvent((client, event) => windows.push(client, event))
      return opened
    },
    (error: unknown) => {
      opening = null
      throw error
    },
  )
  return opening
}

async function call(client: string, route: string, input: unknown): Promise<Result<unknown>> {
  try {
    return await (app ?? (await open())).call(client, route, input)
  } catch (error) {
    if (error instanceof AppError) return { ok: false, error: error.toBody() }
    log(`unexpected in ${route}: ${error instanceof Error ? error.name : typeof error}`)
    const body = new AppError(
      'UNEXPECTED',
      '数据打不开，没有改动任何内容。请重新启动程序；还不行请告诉管理员。',
    )
    return { ok: false, error: body.toBody() }
  }
}
const windows = createWindowPorts(call, (client) => app?.clientGone(client))

async function close(): Promise<void> {
  // A folder that is just being opened is closed as soon as it is open.
  const opened = await opening?.catch(() => null)
  // First of all: its file can be folded up only when nobody reads it.
  reader.close()
  await opened?.close()
  parser.close()
  tell({ kind: 'closed' })
  process.exit(0)
}

parent.on('message', ({ data, ports }) => {
  const message = data as HostMessage
  const port = ports[0]
  switch (message.kind) {
    case 'window':
      if (port !== undefined) windows.add(message.client, port)
      return
    case 'grant':
      tell({
        kind: 'granted',
        id: message.id,
        token: app === null ? null : app.grantPath(message.client, message.path),
      })
      return
    case 'child':
      if (port !== undefined) children.arrived(message.child, port)
      return
    case 'suspend':
      app?.suspend()
      return
    case 'idle':
      app?.systemIdle(message.seconds)
      return
    case 'close':
      void close()
      return
  }
})

// Opened before a window asks: the seconds a person needs to look at the screen are not waited for twice.
await open().catch((error: unknown) => {
  log(`not opened: ${error instanceof AppError ? error.code : 'UNEXPECTED'}`)
})
tell({ kind: 'ready' })
