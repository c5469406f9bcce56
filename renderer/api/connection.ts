/** The window's end of the port to the core: questions and answers by number, CORE_GONE for all when the core goes. */
import type { CoreEvent } from '../../domain/contract/events'
import type { Bridge, BridgeMessage } from '../../domain/contract/native'
import { AppError, type ErrorBody, type Result } from '../../domain/errors'

/** What the core sends on the port. */
type PortAnswer = { readonly id: number; readonly result: Result<unknown> } | { readonly event: CoreEvent }

interface Pending {
  readonly message: { readonly id: number; readonly route: string; readonly input: unknown }
  readonly resolve: (data: unknown) => void
  readonly reject: (error: AppError) => void
}

export interface Connection {
  /** @throws AppError as the core answered it, or CORE_GONE */
  request(route: string, input: unknown): Promise<unknown>
  /** @throws AppError as the main process answered it */
  native(name: string, input: unknown): Promise<unknown>
  onEvent(listener: (event: CoreEvent) => void): () => void
}

/**
 * @param bridge what the preload script put into the window
 * @param self the window: ports come in as its own messages
 */
export function createConnection(bridge: Bridge, self: Window): Connection {
  const pending = new Map<number, Pending>()
  const listeners = new Set<(event: CoreEvent) => void>()
  let port: MessagePort | null = null
  /** The first port is awaited; after the core went, questions are refused until it is back. */
  let gone = false
  let asked = false
  let lastId = 0

  const emit = (event: CoreEvent) => {
    for (const listener of [...listeners]) listener(event)
  }

  function drop(): void {
    port?.close()
    port = null
    gone = true
    const lost = [...pending.values()]
    pending.clear()
    for (const { reject } of lost) reject(coreGone())
  }

  function take(next: MessagePort): void {
    port?.close()
    port = next
    gone = false
    next.onmessage = ({ data }: MessageEvent<PortAnswer>) => hear(data)
    // Earlier than the word of the main process, which may be busy.
    next.addEventListener('close', () => {
      if (port === next) drop()
    })
    for (const { message } of pending.values()) next.postMessage(message)
  }

  function hear(answer: PortAnswer): void {
    if ('event' in answer) return emit(answer.event)
    const asked = pending.get(answer.id)
    pending.delete(answer.id)
    if (answer.result.ok) asked?.resolve(answer.result.data)
    else {
      // Whatever order the messages came in: a core that is locked and a window that is not must not last.
      if (answer.result.error.code === 'LOCKED') emit({ kind: 'locked' })
      asked?.reject(fromBody(answer.result.error))
    }
  }

  self.addEventListener('message', ({ data, source, origin, ports }: MessageEvent<BridgeMessage>) => {
    if (source !== self || origin !== self.location.origin) return
    if (data.maotiao === 'port' && ports[0] !== undefined) {
      const back = gone
      take(ports[0])
      if (back) emit({ kind: 'core_back' })
    } else if (data.maotiao === 'gone') {
      drop()
      emit({ kind: 'core_gone', restarting: data.restarting })
    }
  })
  /** Only when the core is wanted: a page that merely prints has no business with it. */
  const connect = () => {
    if (asked) return
    asked = true
    bridge.connect()
  }

  return {
    request(route, input) {
      connect()
      if (gone) return Promise.reject(coreGone())
      return new Promise((resolve, reject) => {
        const message = { id: ++lastId, route, input: plain(input) }
        pending.set(message.id, { message, resolve, reject })
        port?.postMessage(message)
      })
    },
    async native(name, input) {
      const result = await bridge.native(name, plain(input))
      if (result.ok) return result.data
      throw fromBody(result.error)
    },
    onEvent(listener) {
      connect()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Copies what a form holds into plain data: a reactive proxy cannot be cloned to another process. The one place for it.
 * Absent stays absent: a field set to undefined is left out.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, plain(inner)]])),
  )
}

function fromBody({ code, message, field, data }: ErrorBody): AppError {
  return new AppError(code, message, { ...(field === undefined ? {} : { field }), data })
}

function coreGone(): AppError {
  return new AppError('CORE_GONE', '后台程序刚才停了，正在重新启动。屏幕上填的内容都在，请稍后再点一次。')
}
