/**
 * Hosting of a child process: takes tasks, answers them one after another. The same entry runs under Electron (a port
 * handed over by the main process) and as a child of plain Node (the command line).
 */
import type { MessageEvent as PortEvent, MessagePortMain } from 'electron'
import { AppError } from '../../domain/errors'
import type { ChildAnswer, ChildRequest } from '../core/host-messages'

/**
 * Serves until the process is ended from outside.
 * @param work handles one task; what it returns must be structured-cloneable, what it throws as AppError is handed on
 */
export function serveTasks<Task>(work: (task: Task) => Promise<unknown>): void {
  const answer = async (request: ChildRequest): Promise<ChildAnswer> => {
    try {
      return { id: request.id, ok: true, value: await work(request.task as Task) }
    } catch (error) {
      // Only the sentences we wrote ourselves: a library's message may quote the file.
      return { id: request.id, ok: false, error: error instanceof AppError ? error.toBody() : null }
    }
  }
  let last: Promise<void> = Promise.resolve()
  const inTurn = (request: ChildRequest, reply: (answer: ChildAnswer) => void) => {
    last = last.then(async () => reply(await answer(request)))
  }
  // Undefined under plain Node, whatever Electron's types say.
  const parent: typeof process.parentPort | undefined = process.parentPort
  if (parent === undefined) {
    process.on('message', (request: ChildRequest) => inTurn(request, (result) => process.send?.(result)))
    process.on('disconnect', () => process.exit(0))
    return
  }
  parent.once('message', (event: PortEvent) => {
    const port: MessagePortMain | undefined = event.ports[0]
    port?.on('message', ({ data }) => inTurn(data as ChildRequest, (result) => port.postMessage(result)))
    port?.on('close', () => process.exit(0))
    port?.start()
  })
}
