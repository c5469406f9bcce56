/** Audit of routes that manage their own transactions: the entry is written as the action ends. */
import { ROUTES } from '../../../domain/contract'
import type { RouteSpec } from '../../../domain/contract/define'
import { appendAudit, type AuditInput } from '../../../db/audit'
import { localTx } from '../../../db/transaction'
import type { CoreState } from '../state'
import type { ProcessRoute } from './types'

/** Who did it: a session, or the account that just signed in. */
export interface Doer {
  readonly staffId: string
  readonly post: string
}

/** The entry of a route. @param subjectId id of what it was done to; empty where there is none */
export function entryOf(state: CoreState, route: ProcessRoute, doer: Doer, subjectId = ''): AuditInput {
  const { audit }: RouteSpec = ROUTES[route]
  if (audit === 'none') throw new Error(`${route} is not audited`)
  const { action, subject } = audit
  const { staffId, post } = doer
  const at = state.options.clock.now()
  return { at, staffId, post, route, action, subject, subjectId, fields: [], outcome: 'done' }
}

/** Writes the entry by itself, for actions that are no single transaction. */
export function note(state: CoreState, route: ProcessRoute, doer: Doer, subjectId = ''): void {
  const entry = entryOf(state, route, doer, subjectId)
  localTx(state.base, () => {
    appendAudit(state.base, entry)
  })
}
