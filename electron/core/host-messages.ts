/** What the main process and the core tell each other on their private channel. Types only: both sides are ours. */
import type { ChildKind } from '../parser/children'

export interface CoreArguments {
  readonly dataDir: string
  readonly demo: boolean
  readonly version: string
}

/** Main to core. */
export type HostMessage =
  /** One port comes with it: the window's. */
  | { readonly kind: 'window'; readonly client: string }
  | { readonly kind: 'grant'; readonly id: number; readonly client: string; readonly path: string }
  /** One port comes with it: the child's. */
  | { readonly kind: 'child'; readonly child: ChildKind }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'idle'; readonly seconds: number }
  | { readonly kind: 'close' }

/** Core to main. */
export type CoreMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'granted'; readonly id: number; readonly token: string | null }
  | { readonly kind: 'child_wanted'; readonly child: ChildKind }
  /** The child took too long or is done; its port closes when it has ended. */
  | { readonly kind: 'child_end'; readonly child: ChildKind }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'closed' }

/** Window to core, on a window's port. */
export interface PortRequest {
  readonly id: number
  readonly route: string
  readonly input: unknown
}

/** A child's channel: task in, answer out. `error` is an ErrorBody when the child threw an AppError. */
export interface ChildRequest {
  readonly id: number
  readonly task: unknown
}
export type ChildAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: unknown }
