import type { Compartment } from '../../domain/compartments'
import { baseInitial } from './0010-base-initial'
import { childrenInitial } from './0010-children-initial'
import { psychInitial } from './0010-psych-initial'
import { rosterInitial } from './0010-roster-initial'
import type { Migration } from './migration'

/** Every compartment's migrations in order. */
export const MIGRATIONS: Readonly<Record<Compartment, readonly Migration[]>> = {
  base: [baseInitial],
  psych: [psychInitial],
  roster: [rosterInitial],
  children: [childrenInitial],
}
