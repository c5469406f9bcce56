import type { MessagePortMain, ParentPort } from 'electron'
import type { CoreEvent } from '../../domain/contract/events'
import { AppError, type Result } from '../../domain/errors'
import type { CoreApp } from './app-types'
import type { ChildKind } from '../parser/children'
import type { OpenChildLink } from './child-client'
import type { ChildAnswer, CoreMessage, PortRequest } from './host-messages'

type Call = CoreApp['call']

export interface WindowPorts {
  /** Serves a window until its port closes. */
  add(client: string, port: MessagePortMain): void
  push(client: string | 'all', event: CoreEvent): void
}

/**
 * Windows' ports: `{id, route, input}` in, `{id, result}` out, `{event}` unasked.
 * @param call answers a Result, never rejects
 * @param gone a window's port closed
 */
export function createWindowPorts(call: Call, gone: (client: string) => void): WindowPorts {
  const ports = new Map<string, MessagePortMain>()

  async function serve(client: string, port: MessagePortMain, request: PortRequest): Promise<void> {
    const result = await call(client, request.route, request.input)
    if (ports.get(client) !== port) return
    try {
      port.postMessage({ id: request.id, result })
    } catch {
      // Something that cannot be cloned: a mistake of ours, but the window must not wait for ever.
      port.postMessage({ id: request.id, result: unexpected() })
    }
  }

  return {
    add(client, port) {
      ports.set(client, port)
      port.on('message', ({ data }) => void serve(client, port, data as PortRequest))
      port.on('close', () => {
        ports.delete(client)
        gone(client)
      })
      port.start()
    },
    push(client, event) {
      const receivers = client === 'all' ? [...ports.values()] : [ports.get(client)]
      for (const port of receivers) port?.postMessage({ event })
    },
  }
}

function unexpected(): Result<never> {
  const error = new AppError('UNEXPECTED', '程序出错了，这一步没有完成。已录入的内容都在，请再试一次。')
  return { ok: false, error: error.toBody() }
}

/**
 * Children under Electron: only the main process can start one, so the core asks for it and gets its port.
 * @param parent channel to the main process
 * @returns `open` for the client of a kind, and `arrived` to call with each port that main hands over
 */
export function hostedChildren(parent: ParentPort): {
  open: (kind: ChildKind) => OpenChildLink
  arrived: (kind: ChildKind, port: MessagePortMain) => void
} {
  const tell = (message: CoreMessage) => parent.postMessage(message)
  const waiting: Record<ChildKind, ((port: MessagePortMain) => void)[]> = { parser: [], reader: [] }
  return {
    open: (kind) => (on) => {
      const early: unknown[] = []
      let port: MessagePortMain | null = null
      waiting[kind].push((handed) => {
        port = handed
        handed.on('message', ({ data }) => on.answer(data as ChildAnswer))
        handed.on('close', on.gone)
        handed.start()
        for (const message of early.splice(0)) handed.postMessage(message)
      })
      tell({ kind: 'child_wanted', child: kind })
      return {
        send: (request) => {
          if (port === null) early.push(request)
          else port.postMessage(request)
        },
        end: () => tell({ kind: 'child_end', child: kind }),
      }
    },
    arrived: (kind, port) => waiting[kind].shift()?.(port),
  }
}
