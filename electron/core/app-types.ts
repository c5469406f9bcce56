/** The border between the core's rules (app.ts, no Electron) and the processes that host it: window ports, command line. */
import type { Clock, Random } from '../../domain/clock'
import type { CoreEvent } from '../../domain/contract/events'
import type { Result } from '../../domain/errors'

export interface CoreApp {
  /** Answers a Result, never rejects. `client`: one per window port or command line. */
  call(client: string, route: string, input: unknown): Promise<Result<unknown>>
  /** Registers a path chosen by a person in a dialog (or named on the command line); routes take the opaque token. */
  grantPath(client: string, path: string): string
  /** @returns a function that ends the subscription */
  onEvent(listener: (client: string | 'all', event: CoreEvent) => void): () => void
  /** The window's port closed, or the command line ends: its session and tokens go. */
  clientGone(client: string): void
  /** The machine suspends or its screen locks: sessions are locked, confidential keys dropped. */
  suspend(): void
  /** Seconds since the machine last saw a key or the mouse, told every 15 s; the idle lock decides in the core. */
  systemIdle(seconds: number): void
  close(): Promise<void>
}

export interface CoreAppOptions {
  readonly dataDir: string
  readonly demo: boolean
  readonly appVersion: string
  readonly clock: Clock
  readonly random: Random
  /** Ids, routes and codes only, never values: the line lands in a file in clear. */
  readonly log: (line: string) => void
  readonly parser: ParserClient
}

/** Rejects with AppError when the folder cannot be used (IN_USE, READ_ONLY, …); hosts ask again when a person does. */
export type CreateCoreApp = (options: CoreAppOptions) => Promise<CoreApp>

export interface ParserTask {
  readonly kind: string
  /** Absolute path of the untrusted file. */
  readonly path: string
  readonly [more: string]: unknown
}

/** Asks the keyless child to parse an untrusted file; the answer is structured-cloned. */
export interface ParserClient {
  /** Rejects with AppError when the child refuses, takes too long or dies. */
  parse(task: ParserTask): Promise<unknown>
}
