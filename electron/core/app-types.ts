/** The border between the core's rules (app.ts, no Electron) and the processes that host it: window ports, command line. */
import type { Clock, Random } from '../../domain/clock'
import type { CoreEvent } from '../../domain/contract/events'
import type { Result } from '../../domain/errors'
import type { Compartment } from '../../domain/compartments'
import type { MadeBackup } from '../../db/backup'

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
  readonly reader: ReaderClient
}

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

/** A compartment's file with the key it has now; the key is the reader's to wipe. */
export interface UnlockedFile {
  readonly compartment: Compartment
  readonly key: Uint8Array
}
export type ReaderTask =
  | {
      readonly kind: 'backup'
      readonly dataDir: string
      readonly out: string
      /** Instant, ms. */
      readonly at: number
      /** Those open now; the others are copied as they lie. */
      readonly compartments: readonly UnlockedFile[]
    }
  | { readonly kind: 'verify'; readonly dataDir: string; readonly compartments: readonly UnlockedFile[] }

export interface VerifiedFile {
  readonly compartment: Compartment
  /** One line per deviation, none when all is well. */
  readonly problems: readonly string[]
}
interface ReaderAnswers {
  readonly backup: MadeBackup
  readonly verify: readonly VerifiedFile[]
}

/** Asks the process of long reading; saves go on meanwhile. */
export interface ReaderClient {
  /** Rejects with AppError when the reading fails, takes too long or its process dies; nothing was changed then. */
  run<K extends ReaderTask['kind']>(task: Extract<ReaderTask, { kind: K }>): Promise<ReaderAnswers[K]>
}
