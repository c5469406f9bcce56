/** What a handler is given. Handlers join a service or a query to a route; logic lives in `db`. */
import type { Clock } from '../../../domain/clock'
import type { Compartment } from '../../../domain/compartments'
import type { Input, Output, RoutesOfKind } from '../../../domain/contract/index'
import type { Post } from '../../../domain/posts'
import type { Store, Viewer, WriteTx } from '../../../db/store'

/** The part of a session that a handler may see. */
export interface SessionView {
  readonly staffId: string
  readonly staffName: string
  readonly post: Post
  readonly postRowId: string
  readonly unitId: string | null
  /** Opens something sealed to this account; throws when it was sealed to another. */
  openSealed(ciphertext: string): Uint8Array
}
export interface ReadContext {
  readonly session: SessionView
  readonly viewer: Viewer
  /** The compartments this session holds open. */
  readonly stores: ReadonlyMap<Compartment, Store>
  /** Of the route's compartment. */
  readonly store: Store
  readonly clock: Clock
}
export interface WriteContext extends ReadContext {
  /** Of the route's compartment, begun by the router. */
  readonly tx: WriteTx
}

/** `session.info` is answered by the session itself. */
export type ReadRoute = Exclude<RoutesOfKind<'read'>, 'session.info'>
export type WriteRoute = RoutesOfKind<'write'>
export type ReadHandler<R extends ReadRoute> = (input: Input<R>, ctx: ReadContext) => Output<R>
export type WriteHandler<R extends WriteRoute> = (input: Input<R>, ctx: WriteContext) => Output<R>
/** Handlers of some routes: a missing one does not compile. */
export type ReadHandlers<R extends ReadRoute> = { readonly [N in R]: ReadHandler<N> }
export type WriteHandlers<R extends WriteRoute> = { readonly [N in R]: WriteHandler<N> }
