import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { CHILDREN, childEnvironment, type ChildKind } from '../parser/children'

export interface ChildHost {
  /** @returns a port to a fresh process, for the core; it closes when the process ends */
  open(kind: ChildKind): MessagePortMain
  /** Ends the process, whatever it is doing. */
  end(kind: ChildKind): void
  endAll(): void
}

/**
 * Runs what the core asks for in processes of their own, one of each kind, that are given no key and no setting: the
 * parser of untrusted files, and the reader, whose keys come over the port.
 * @param entries built entries
 */
export function createChildHost(entries: Readonly<Record<ChildKind, string>>): ChildHost {
  const running = new Map<ChildKind, UtilityProcess>()
  const end = (kind: ChildKind) => {
    running.get(kind)?.kill()
    running.delete(kind)
  }
  return {
    open(kind) {
      end(kind)
      const { port1, port2 } = new MessageChannelMain()
      const child = utilityProcess.fork(entries[kind], [], {
        serviceName: CHILDREN[kind].name,
        stdio: 'ignore',
        execArgv: [`--js-flags=--max-old-space-size=${CHILDREN[kind].heapMB}`],
        env: childEnvironment(process.env),
      })
      running.set(kind, child)
      child.postMessage({ kind: 'serve' }, [port1])
      return port2
    },
    end,
    endAll() {
      for (const kind of running.keys()) end(kind)
    },
  }
}
