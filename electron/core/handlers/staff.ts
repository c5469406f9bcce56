import { listAudit } from '../../../db/queries/audit'
import { listDifferences } from '../../../db/queries/difference'
import { listGrants, listStaff, terminalIdentity } from '../../../db/queries/staff'
import { editStaff, setPost } from '../../../db/services/pool'
import type { ReadHandlers, WriteHandlers } from './types'

export const staffReads = {
  'staff.list': (_input, ctx) => listStaff(ctx.store.db),
  'grant.list': (_input, ctx) => listGrants(ctx.store),
  'exchange.identity': (_input, ctx) => terminalIdentity(ctx.store, ctx.stores),
  'difference.list': (input, ctx) => listDifferences(ctx.viewer, ctx.stores, input),
  'audit.list': (input, ctx) => listAudit(ctx.store.db, input),
} satisfies ReadHandlers<'staff.list' | 'grant.list' | 'exchange.identity' | 'difference.list' | 'audit.list'>

export const staffWrites = {
  'staff.set_post': (input, ctx) => {
    setPost(ctx.tx, input)
    return null
  },
  'staff.edit': (input, ctx) => {
    editStaff(ctx.tx, input)
    return null
  },
} satisfies WriteHandlers<'staff.set_post' | 'staff.edit'>
