/** All routes that manage their own transactions: a missing one does not compile. */
import type { CoreState } from '../state'
import { accountHandlers } from './accounts'
import { adminHandlers } from './admin'
import { exchangeHandlers } from './exchange'
import { formHandlers } from './forms'
import { joinHandlers } from './join'
import { monthHandlers } from './month'
import { sessionHandlers } from './session'
import { setupHandlers } from './setup'
import type { ProcessHandlers } from './types'

export function processHandlers(state: CoreState): ProcessHandlers {
  return {
    ...setupHandlers(state),
    ...joinHandlers(state),
    ...sessionHandlers(state),
    ...accountHandlers(state),
    ...formHandlers(state),
    ...monthHandlers(state),
    ...exchangeHandlers(state),
    ...adminHandlers(state),
  }
}
