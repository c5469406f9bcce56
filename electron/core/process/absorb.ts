/** Takes in what lies in the letter-box of the compartment that a session holds open, and says back its state words. */
import { openForm } from '../../../db/letterbox/box'
import { absorbSealed, sayStates } from '../../../db/services/sealed'
import type { Session } from '../session'
import type { CoreState } from '../state'

/** Repeatable at any time; does nothing where the session's post opens no letter-box. */
export function absorb(state: CoreState, session: Session): void {
  if (session.opened !== 'psych' && session.opened !== 'children') return
  const store = state.storeOf(session, session.opened)
  const { absorbed, unreadable } = absorbSealed(store, state.base, session.actor(), (text) =>
    openForm(store, text),
  )
  sayStates(state.base, store, session.actor())
  if (unreadable.length > 0)
    state.options.log(`letter-box: ${unreadable.length} unreadable items in ${store.compartment}`)
  if (absorbed > 0)
    state.emit('all', { kind: 'changed', tables: ['referral', 'child_entry', 'sealed_item'], counter: 0 })
}
