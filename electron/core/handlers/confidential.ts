import { AppError } from '../../../domain/errors'
import type { ReadableDb } from '../../../db/handle'
import { getReferral, listReferrals } from '../../../db/queries/psych'
import { getRosterEntry, listRoster } from '../../../db/queries/roster'
import { addReferralNote, editReferral, setReferralState } from '../../../db/services/psych'
import { addRosterVisit, saveRosterEntry } from '../../../db/services/roster'
import { today } from './people'
import type { ReadContext, ReadHandlers, WriteHandlers } from './types'

/** Base is open in every session: names of staff and villages come from it. */
function baseOf(ctx: ReadContext): ReadableDb {
  const base = ctx.stores.get('base')
  if (base === undefined) throw new AppError('COMPARTMENT_CLOSED', '基础库没有打开，请重新登录。')
  return base.db
}

export const confidentialReads = {
  'psych.list': (input, ctx) => listReferrals(ctx.store.db, input),
  'psych.get': (input, ctx) => getReferral(ctx.store.db, baseOf(ctx), input.id),
  'roster.list': (input, ctx) => listRoster(ctx.store.db, baseOf(ctx), input, today(ctx)),
  'roster.get': (input, ctx) => getRosterEntry(ctx.store.db, baseOf(ctx), input.id, today(ctx)),
} satisfies ReadHandlers<'psych.list' | 'psych.get' | 'roster.list' | 'roster.get'>

export const confidentialWrites = {
  'psych.set_state': (input, ctx) => {
    setReferralState(ctx.tx, ctx.session.staffId, input)
    return null
  },
  'psych.add_note': (input, ctx) => ({ noteId: addReferralNote(ctx.tx, ctx.session.staffId, input) }),
  'psych.edit': (input, ctx) => {
    editReferral(ctx.tx, input)
    return null
  },
  'roster.save': (input, ctx) => ({ id: saveRosterEntry(ctx.tx, input) }),
  'roster.add_visit': (input, ctx) => ({ visitId: addRosterVisit(ctx.tx, ctx.session.staffId, input) }),
} satisfies WriteHandlers<
  'psych.set_state' | 'psych.add_note' | 'psych.edit' | 'roster.save' | 'roster.add_visit'
>
