/** Drafts of forms, and the letter-box from the sender's side. */
import { sealForm } from '../../../db/letterbox/box'
import { timeId } from '../../../db/ids'
import { receiptOf, requireConsent, sendSealed, type SealedLetter } from '../../../db/services/sealed'
import { sql } from '../../../db/sql'
import { localTx } from '../../../db/transaction'
import type { CoreState } from '../state'
import { absorb } from './absorb'
import { entryOf } from './note'
import { storedResult, writeOnce } from './once'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

export function formHandlers(
  state: CoreState,
): Pick<ProcessHandlers, 'draft.save' | 'draft.discard' | 'sealed.send'> {
  return {
    'draft.save': (input, caller) => {
      const { staffId } = sessionOf(caller)
      localTx(state.base, () => {
        state.base.db.run(sql`INSERT INTO draft (staff_id, form_key, content, saved_at)
          VALUES (${staffId}, ${input.key}, ${input.content}, ${state.options.clock.now()})
          ON CONFLICT (staff_id, form_key) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`)
      })
      return null
    },
    'draft.discard': (input, caller) => {
      const { staffId } = sessionOf(caller)
      localTx(state.base, () => {
        state.base.db.run(sql`DELETE FROM draft WHERE staff_id = ${staffId} AND form_key = ${input.key}`)
      })
      return null
    },
    'sealed.send': (input, caller) => {
      const session = sessionOf(caller)
      const { base } = state
      const once = {
        store: base,
        actor: session.actor(),
        route: 'sealed.send',
        requestId: input.requestId,
        audit: (sent: { sealedId: string }) => entryOf(state, 'sealed.send', session, sent.sealedId),
      }
      const known = storedResult<{ sealedId: string }>(once)
      if (known !== undefined) return known
      requireConsent(input.form, session.staffId)
      const sentAt = base.clock.now()
      const letter: SealedLetter = { form: input.form, sentAt, sentBy: session.staffId }
      const sealed = sealForm(base, input.compartment, letter, receiptOf(letter), session.account.boxPublic)
      const id = timeId(base.clock, base.random)
      const sent = writeOnce(once, (tx) => ({
        sealedId: sendSealed(tx, { id, compartment: input.compartment, ...sealed }),
      }))
      // Whoever works in the compartment at another window of this terminal finds it at once.
      for (const other of state.sessions.values()) absorb(state, other)
      state.emit('all', { kind: 'changed', tables: ['sealed_item'], counter: 0 })
      return sent
    },
  }
}
