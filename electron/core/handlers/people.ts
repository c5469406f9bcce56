import { localDateOf } from '../../../domain/clock'
import { getPerson, owedMatters, revealPerson, suggestPersons } from '../../../db/queries/person'
import { searchEverything } from '../../../db/queries/search'
import { savePerson } from '../../../db/services/person'
import type { ReadContext, ReadHandlers, WriteHandlers } from './types'

/** Civil date in China by the terminal's clock. */
export const today = (ctx: ReadContext): string => localDateOf(ctx.clock.now())

export const peopleReads = {
  'person.suggest': (input, ctx) => suggestPersons(ctx.store.db, ctx.viewer, input, today(ctx)),
  'person.get': (input, ctx) => getPerson(ctx.store.db, ctx.viewer, input.id, today(ctx)),
  'person.reveal': (input, ctx) => revealPerson(ctx.store.db, ctx.viewer, input),
  'person.owed': (input, ctx) => owedMatters(ctx.store.db, ctx.viewer, input.personId, today(ctx)),
  'search.everything': (input, ctx) => searchEverything(ctx.store.db, ctx.viewer, input, today(ctx)),
} satisfies ReadHandlers<
  'person.suggest' | 'person.get' | 'person.reveal' | 'person.owed' | 'search.everything'
>

export const peopleWrites = {
  'person.save': (input, ctx) => ({ id: savePerson(ctx.tx, ctx.viewer, input) }),
} satisfies WriteHandlers<'person.save'>
