/**
 * Starts and supervises the core: hands a port to every window that asks, starts it again when it dies, ends it
 * cleanly. Knows nothing of what the core does.
 */
import {
  MessageChannelMain,
  utilityProcess,
  type MessagePortMain,
  type UtilityProcess,
  type WebContents,
} from 'electron'
import { AppError } from '../../domain/errors'
import type { CoreArguments, CoreMessage, HostMessage } from '../core/host-messages'
import type { ChildHost } from './child-host'

/** DESIGN.md section 2: at most 3 restarts a minute, then a person decides. */
const RESTARTS = 3
const RESTART_WINDOW_MS = 60_000
const CLOSE_MS = 5_000

interface CoreHostOptions {
  /** Built core entry. */
  readonly entry: string
  readonly arguments: CoreArguments
  readonly children: ChildHost
  readonly log: (line: string) => void
}

export interface CoreHost {
  /** The window listens: give it a port, now or as soon as the core is ready. */
  connect(contents: WebContents): void
  /** @returns the token under which the core knows the path for this window; rejects with CORE_GONE */
  grantPath(contents: WebContents, path: string): Promise<string>
  tell(message: Extract<HostMessage, { kind: 'suspend' | 'idle' }>): void
  /** A person asks for one more try after the limit was reached. */
  restart(): void
  /** Lets the core finish (5 s), then ends it. */
  close(): Promise<void>
}

export function startCoreHost(options: CoreHostOptions): CoreHost {
  const clients = new Map<WebContents, string>()
  const grants = new Map<number, { resolve: (token: string) => void; reject: (error: Error) => void }>()
  let child: UtilityProcess | null = null
  let state: 'starting' | 'ready' | 'gone' | 'closing' = 'gone'
  let starts: number[] = []
  let number = 0

  const send = (message: HostMessage, ports: MessagePortMain[] = []) => child?.postMessage(message, ports)

  function start(): void {
    starts = [...starts.filter((at) => Date.now() - at < RESTART_WINDOW_MS), Date.now()]
    state = 'starting'
    const started = utilityProcess.fork(options.entry, [JSON.stringify(options.arguments)], {
      serviceName: 'maotiao-core',
      stdio: 'inherit',
    })
    child = started
    started.on('message', (message: CoreMessage) => hear(message))
    started.on('exit', (code) => {
      if (child === started) ended(code)
    })
  }

  function hear(message: CoreMessage): void {
    switch (message.kind) {
      case 'ready':
        state = 'ready'
        for (const contents of clients.keys()) handPort(contents)
        return
      case 'granted': {
        const waiting = grants.get(message.id)
        grants.delete(message.id)
        if (message.token === null) waiting?.reject(coreGone())
        else waiting?.resolve(message.token)
        return
      }
      case 'child_wanted':
        send({ kind: 'child', child: message.child }, [options.children.open(message.child)])
        return
      case 'child_end':
        options.children.end(message.child)
        return
      case 'log':
        options.log(message.line)
        return
      case 'closed':
        return
    }
  }

  function ended(code: number): void {
    child = null
    options.children.endAll()
    for (const waiting of grants.values()) waiting.reject(coreGone())
    grants.clear()
    if (state === 'closing') return
    state = 'gone'
    const recent = starts.filter((at) => Date.now() - at < RESTART_WINDOW_MS)
    const restarting = recent.length <= RESTARTS
    options.log(`core ended, code ${code}, ${restarting ? 'starting again' : 'not started again'}`)
    for (const contents of clients.keys()) contents.send('maotiao:gone', restarting)
    if (restarting) start()
  }

  function handPort(contents: WebContents): void {
    const { port1, port2 } = new MessageChannelMain()
    // A new name for every port: what belonged to the port before is gone with it.
    const client = `window-${contents.id}-${++number}`
    clients.set(contents, client)
    send({ kind: 'window', client }, [port1])
    contents.postMessage('maotiao:port', null, [port2])
  }

  start()

  return {
    connect(contents) {
      if (!clients.has(contents)) contents.once('destroyed', () => clients.delete(contents))
      clients.set(contents, '')
      if (state === 'ready') handPort(contents)
      else if (state === 'gone') contents.send('maotiao:gone', false)
    },
    grantPath(contents, path) {
      const client = clients.get(contents)
      if (state !== 'ready' || client === undefined) return Promise.reject(coreGone())
      return new Promise((resolve, reject) => {
        const id = ++number
        grants.set(id, { resolve, reject })
        send({ kind: 'grant', id, client, path })
      })
    },
    tell: (message) => void send(message),
    restart() {
      if (state !== 'gone') return
      starts = []
      start()
    },
    async close() {
      state = 'closing'
      const closing = child
      if (closing !== null) {
        await new Promise<void>((resolve) => {
          const limit = setTimeout(() => {
            options.log('core did not end in time')
            closing.kill()
            resolve()
          }, CLOSE_MS)
          closing.once('exit', () => {
            clearTimeout(limit)
            resolve()
          })
          send({ kind: 'close' })
        })
      }
      options.children.endAll()
    },
  }
}

function coreGone(): AppError {
  return new AppError('CORE_GONE', '后台程序刚才停了，正在重新启动。屏幕上的内容都在，请稍后再试一次。')
}
