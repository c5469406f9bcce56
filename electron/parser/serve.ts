/**
 * Hosting of the parser process: takes tasks, answers them one after another. The same entry runs under Electron (a
 * port handed over by the main process) and as a child of plain Node (the command line).
 */
import type { MessageEvent as PortEvent, MessagePortMain } from 'electron'
import { AppError } from '../../domain/errors'
import type { ParserTask } from '../core/app-types'
import type { ParserAnswer, ParserRequest } from '../core/host-messages'

/**
 * Serves until the process is ended from outside.
 * @param parse handles one task; what it returns must be structured-cloneable, what it throws as AppError is handed on
 */
export function serveParser(parse: (task: ParserTask) => Promise<unknown>): void {
  const answer = async (request: ParserRequest): Promise<ParserAnswer> => {
    try {
      return { id: request.id, ok: true, value: await parse(request.task as ParserTask) }
    } catch (error) {
      // Only the sentences we wrote ourselves: a library's message may quote the file.
      return { id: request.id, ok: false, error: error instanceof AppError ? error.toBody() : null }
    }
  }
  let last: Promise<void> = Promise.resolve()
  const inTurn = (request: ParserRequest, reply: (answer: ParserAnswer) => void) => {
    last = last.then(async () => reply(await answer(request)))
  }
  // Undefined under plain Node, whatever Electron's types say.
  const parent: typeof process.parentPort | undefined = process.parentPort
  if (parent === undefined) {
    process.on('message', (request: ParserRequest) => inTurn(request, (result) => process.send?.(result)))
    process.on('disconnect', () => process.exit(0))
    return
  }
  parent.once('message', (event: PortEvent) => {
    const port: MessagePortMain | undefined = event.ports[0]
    port?.on('message', ({ data }) => inTurn(data as ParserRequest, (result) => port.postMessage(result)))
    port?.on('close', () => process.exit(0))
    port?.start()
  })
}
