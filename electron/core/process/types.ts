import type { Input, Output, RoutesOfKind } from '../../../domain/contract'
import type { Session } from '../session'

/** Who calls a route that manages its own transactions; `session` is null before sign-in. */
export interface ProcessCaller {
  readonly client: string
  readonly session: Session | null
}
export type ProcessRoute = RoutesOfKind<'process'>
/** A missing handler does not compile. */
export type ProcessHandlers = {
  [R in ProcessRoute]: (input: Input<R>, caller: ProcessCaller) => Output<R> | Promise<Output<R>>
}
