import { COURSE_KINDS } from '../../../domain/course/kinds'
import { STATES, isCourseState, type OwnState } from '../../../domain/course/states'
import type { Post } from '../../../domain/posts'
import type { Matter, StepChoice } from '../../components/work/course/step'

/** While no handling is open, the matter shows its own state. */
const SHOWN: readonly string[] = ['answered_on_spot', 'void', 'archived'] satisfies OwnState[]
const ownState = (state: string): OwnState => (SHOWN.includes(state) ? (state as OwnState) : 'active')
const isDone = (state: string): boolean => isCourseState(state) && STATES[state].category === 'done'

/**
 * Steps of the matter's own register (archive, open again) that are in order; 作废 has a route of its own. While a
 * handling is still going on there is nothing to archive.
 * @param post the session's current post
 */
export function ownSteps(matter: Pick<Matter, 'state' | 'handlings'>, post: Post | undefined): StepChoice[] {
  const own = ownState(matter.state)
  const finished = matter.handlings.every((handling) => isDone(handling.state))
  return (['archived', 'matter_reopened'] as const).flatMap((kind) => {
    const declared = COURSE_KINDS[kind]
    const legal = declared.from.includes(own) && post !== undefined && declared.posts.includes(post)
    if (!legal || (kind === 'archived' && !finished)) return []
    return [{ kind, text: declared.text }]
  })
}

/** @returns whether 作废登记 is in order: once void or archived it is not. */
export function mayBeVoided(matter: Pick<Matter, 'state'>): boolean {
  return matter.state !== 'void' && matter.state !== 'archived'
}
