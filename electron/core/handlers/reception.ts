import { listDrafts } from '../../../db/queries/audit'
import { codeLists } from '../../../db/queries/codes'
import { noticeOf } from '../../../db/queries/notice'
import { sealedByMe } from '../../../db/queries/sealed'
import { listUnits } from '../../../db/queries/staff'
import { listVisits } from '../../../db/queries/visit'
import { saveUnit } from '../../../db/services/pool'
import { askQuestion, registerVisit } from '../../../db/services/visit'
import { today } from './people'
import type { ReadHandlers, WriteHandlers } from './types'

export const receptionReads = {
  'visit.list': (input, ctx) => listVisits(ctx.store.db, ctx.viewer, input, today(ctx)),
  'notice.get': (input, ctx) => noticeOf(ctx.store.db, ctx.viewer, input, today(ctx)),
  'draft.list': (_input, ctx) => listDrafts(ctx.store.db, ctx.session.staffId),
  'sealed.mine': (_input, ctx) =>
    sealedByMe(ctx.store.db, ctx.session.staffId, (ciphertext) => ctx.session.openSealed(ciphertext)),
  'unit.list': (_input, ctx) => listUnits(ctx.store.db),
  'code.lists': (_input, ctx) => codeLists(ctx.store.db),
} satisfies ReadHandlers<
  'visit.list' | 'notice.get' | 'draft.list' | 'sealed.mine' | 'unit.list' | 'code.lists'
>

export const receptionWrites = {
  'visit.question': (input, ctx) => ({ visitId: askQuestion(ctx.tx, ctx.viewer, input) }),
  'visit.register': (input, ctx) => registerVisit(ctx.tx, ctx.viewer, input),
  'unit.save': (input, ctx) => ({ id: saveUnit(ctx.tx, input) }),
} satisfies WriteHandlers<'visit.question' | 'visit.register' | 'unit.save'>
