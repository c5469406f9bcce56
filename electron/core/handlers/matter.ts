import { getMatter } from '../../../db/queries/matter-detail'
import { listMatters } from '../../../db/queries/matter-list'
import { monthBehind, monthCounts } from '../../../db/queries/month'
import { listPool } from '../../../db/queries/pool'
import { decideCourse, recordEvent, steerCourse, voidMatter } from '../../../db/services/course'
import { openHandling } from '../../../db/services/handling'
import { editMatter, saveParty, saveRespondentUnit } from '../../../db/services/matter'
import { savePoolMember } from '../../../db/services/pool'
import { today } from './people'
import type { ReadHandlers, WriteHandlers } from './types'

export const matterReads = {
  'matter.list': (input, ctx) => listMatters(ctx.store.db, ctx.viewer, input, today(ctx)),
  'matter.get': (input, ctx) => getMatter(ctx.store.db, ctx.viewer, input, today(ctx)),
  'pool.list': (input, ctx) => listPool(ctx.store.db, ctx.viewer, input),
  'month.counts': (input, ctx) => monthCounts(ctx.store.db, input.month, today(ctx)),
  'month.behind': (input, ctx) => monthBehind(ctx.store.db, ctx.viewer, input, today(ctx)),
} satisfies ReadHandlers<'matter.list' | 'matter.get' | 'pool.list' | 'month.counts' | 'month.behind'>

export const matterWrites = {
  'matter.edit': (input, ctx) => ({ basis: editMatter(ctx.tx, ctx.viewer, input) }),
  'matter.save_party': (input, ctx) => ({ partyId: saveParty(ctx.tx, ctx.viewer, input) }),
  'matter.save_respondent_unit': (input, ctx) => {
    saveRespondentUnit(ctx.tx, ctx.viewer, input)
    return null
  },
  'matter.void': (input, ctx) => {
    voidMatter(ctx.tx, ctx.viewer, input)
    return null
  },
  'handling.open': (input, ctx) => ({ handlingId: openHandling(ctx.tx, ctx.viewer, input) }),
  'course.steer': (input, ctx) => ({ eventId: steerCourse(ctx.tx, ctx.viewer, input) }),
  'course.decide': (input, ctx) => ({ eventId: decideCourse(ctx.tx, ctx.viewer, input) }),
  'course.record': (input, ctx) => ({ eventId: recordEvent(ctx.tx, ctx.viewer, input) }),
  'pool.save': (input, ctx) => {
    savePoolMember(ctx.tx, input)
    return null
  },
} satisfies WriteHandlers<
  | 'matter.edit'
  | 'matter.save_party'
  | 'matter.save_respondent_unit'
  | 'matter.void'
  | 'handling.open'
  | 'course.steer'
  | 'course.decide'
  | 'course.record'
  | 'pool.save'
>
