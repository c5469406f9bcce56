import { fork } from 'node:child_process'
import { PARSER_HEAP_MB, parserEnvironment } from '../parser/limits'
import type { ParserAnswer } from './host-messages'
import type { OpenParserLink } from './parser-client'

/**
 * The parser as a child of plain Node (the command line and tests).
 * @param entry built parser entry
 */
export function forkedParser(entry: string): OpenParserLink {
  return (on) => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [`--max-old-space-size=${PARSER_HEAP_MB}`],
      env: parserEnvironment(process.env),
    })
    child.on('message', (answer) => on.answer(answer as unknown as ParserAnswer))
    child.once('error', on.gone)
    child.once('exit', on.gone)
    // A waiting parser must not keep the command line alive; while a task runs, its time limit does.
    child.unref()
    child.channel?.unref()
    return {
      // A child that is gone already is reported by its exit.
      send: (request) => void child.send(request as object, () => undefined),
      end: () => child.kill('SIGKILL'),
    }
  }
}
