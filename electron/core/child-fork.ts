import { fork } from 'node:child_process'
import { CHILDREN, childEnvironment, type ChildKind } from '../parser/children'
import type { ChildAnswer } from './host-messages'
import type { OpenChildLink } from './child-client'

/**
 * A child of plain Node (the command line and tests).
 * @param entry its built entry
 */
export function forkedChild(kind: ChildKind, entry: string): OpenChildLink {
  return (on) => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [`--max-old-space-size=${CHILDREN[kind].heapMB}`],
      env: childEnvironment(process.env),
    })
    child.on('message', (answer) => on.answer(answer as unknown as ChildAnswer))
    child.once('error', on.gone)
    child.once('exit', on.gone)
    // A waiting child must not keep the command line alive; while a task runs, its time limit does.
    child.unref()
    child.channel?.unref()
    return {
      // A child that is gone already is reported by its exit.
      send: (request) => void child.send(request, () => undefined),
      end: () => child.kill('SIGKILL'),
    }
  }
}
