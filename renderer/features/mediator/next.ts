import type { Handling } from '../../components/work/course/step'

/** What the mediator is told to do next, one sentence per state. */
const NEXT: Readonly<Record<string, string>> = {
  registered: '等窗口受理，您先不用办。',
  accepted: '等主任指派，您先不用办。',
  assigned: '下一步：签收这件事，表示您已经知道了。',
  in_progress: '下一步：约双方谈一次，谈完记下来；有结果就点结果。',
  returned: '下一步：当事人不认可，再去谈一次，记下来。',
  reopened: '下一步：重新联系双方，谈完记下来。',
  suspended: '已经中止。可以办了就点“恢复办理”。',
  agreed: '下一步：到约定的日子回访，看看履行了没有。',
  partly_fulfilled: '下一步：催一催，没履行完的再回访一次。',
  breached: '下一步：回访双方，问清为什么没履行。',
  eased: '您的活办完了，等别的同事核验。',
  not_reached: '您的活办完了，等别的同事核验。',
  answered: '您的活办完了，等别的同事核验。',
  withdrawn: '您的活办完了，等别的同事核验。',
  fulfilled: '您的活办完了，等别的同事核验。',
  verified: '已经核验，等窗口办结。',
  closed: '已经办结。',
  refused: '没有受理，不用办。',
}

/** @returns the sentence; a state of a newer version gets a neutral one. */
export function nextSentence(handling: Pick<Handling, 'state' | 'stateText'>): string {
  return NEXT[handling.state] ?? `现在是“${handling.stateText}”。`
}

/** States in which talking to people is the next thing, so that writing it down is the main button. */
const TALKING: readonly string[] = [
  'in_progress',
  'returned',
  'reopened',
  'agreed',
  'partly_fulfilled',
  'breached',
]
export const isTalking = (state: string): boolean => TALKING.includes(state)

/** Words of the outcome buttons, as an old hand says them. */
export const OUTCOME_ORDER: readonly string[] = [
  'signed_for',
  'resumed',
  'agreed',
  'eased',
  'not_reached',
  'withdrawn',
  'fulfilled',
  'partly_fulfilled',
  'breached',
  'suspended',
  'extended',
]

/** @returns handlings of the matter that this person carries; all of them when none names him. */
export function mine(handlings: readonly Handling[], staffId: string): readonly Handling[] {
  const own = handlings.filter((handling) => handling.mediators.some((person) => person.staffId === staffId))
  return own.length > 0 ? own : handlings
}
