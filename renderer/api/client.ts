/** The single place of the window that calls the preload bridge. Answers are values, refusals are thrown AppErrors. */
import type { CoreEvent } from '../../domain/contract/events'
import type { Output, RawInput, RouteName } from '../../domain/contract/index'
import type { Bridge, NativeName, NativeOutput, NativeRawInput } from '../../domain/contract/native'
import type { Wire } from '../../domain/marks'
import { createConnection, type Connection } from './connection'

declare global {
  interface Window {
    readonly maotiao: Bridge
  }
}

let connection: Connection | null = null
/** Made at the first use, so that a component test can put its own bridge into the window first. */
const current = (): Connection => (connection ??= createConnection(window.maotiao, window))

/**
 * Asks the core.
 * @param route as in `domain/contract`
 * @param input may hold reactive objects of Vue
 * @returns the answer as it crosses the border: marked fields are text, masked or clear
 * @throws AppError with the core's sentence, or CORE_GONE when it died meanwhile (a write may be repeated with its requestId)
 */
export async function request<R extends RouteName>(route: R, input: RawInput<R>): Promise<Wire<Output<R>>> {
  return (await current().request(route, input)) as Wire<Output<R>>
}

/**
 * Asks the main process for what only the operating system can do: dialogs, paper, leaving.
 * @throws AppError with a sentence for the person
 */
export async function native<N extends NativeName>(
  name: N,
  input: NativeRawInput<N>,
): Promise<NativeOutput<N>> {
  return (await current().native(name, input)) as NativeOutput<N>
}

/** @returns a function that ends the subscription */
export function onCoreEvent(listener: (event: CoreEvent) => void): () => void {
  return current().onEvent(listener)
}

/** Id of one intended write: made when its form opens, the same over retries. */
export function newRequestId(): string {
  return crypto.randomUUID()
}
