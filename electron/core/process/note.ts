/** Audit of routes that manage their own transactions: the entry is written as the action ends. */
import { ROUTES } from '../../../domain/contract'
import type { RouteSpec } from '../../../domain/contract/define'
import { appendAudit } from '../../../db/audit'
import { localTx } from '../../../db/transaction'
import type { CoreState } from '../state'
import type { ProcessRoute } from './types'

/** Who did it: a session, or the account that just signed in. */
export interface Doer {
  readonly staffId: string
  readonly post: string
}

/** @param subjectId id of what it was done to; empty where there is none */
export function note(
  state: CoreState,
  route: ProcessRoute,
  doer: Doer,
  subjectId = '',
  outcome = 'done',
): void {
  const spec: RouteSpec = ROUTES[route]
  if (spec.audit === 'none') return
  const { action, subject } = spec.audit
  const { staffId, post } = doer
  const entry = {
    at: state.options.clock.now(),
    staffId,
    post,
    route,
    action,
    subject,
    subjectId,
    fields: [],
    outcome,
  }
  localTx(state.base, () => {
    appendAudit(state.base, entry)
  })
}
