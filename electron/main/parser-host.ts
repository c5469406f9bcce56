import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { PARSER_HEAP_MB, parserEnvironment } from '../parser/limits'

export interface ParserHost {
  /** @returns a port to a fresh parser process, for the core; it closes when the process ends */
  open(): MessagePortMain
  /** Ends the process, whatever it is doing. */
  end(): void
}

/**
 * Runs the parser of untrusted files in a process of its own that is given no key and no setting.
 * @param entry built parser entry
 */
export function createParserHost(entry: string): ParserHost {
  let child: UtilityProcess | null = null
  const end = () => {
    child?.kill()
    child = null
  }
  return {
    open() {
      end()
      const { port1, port2 } = new MessageChannelMain()
      child = utilityProcess.fork(entry, [], {
        serviceName: 'maotiao-parser',
        stdio: 'ignore',
        execArgv: [`--js-flags=--max-old-space-size=${PARSER_HEAP_MB}`],
        env: parserEnvironment(process.env),
      })
      child.postMessage({ kind: 'serve' }, [port1])
      return port2
    },
    end,
  }
}
