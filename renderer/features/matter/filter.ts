import type { RawInput } from '../../../domain/contract/index'
import { STATES, type StateCategory } from '../../../domain/course/states'
import type { PageFilter } from '../../composables/page'

export interface MatterFilter {
  text: string
  /** Empty: all; otherwise a group of states. */
  group: string
  due: NonNullable<RawInput<'matter.list'>['due']>
  orgUnitId: string | null
  category: string
  order: NonNullable<RawInput<'matter.list'>['order']>
}
const DUE: readonly string[] = ['any', 'soon', 'late']

const inCategory = (category: StateCategory): string[] =>
  Object.entries(STATES)
    .filter(([name, state]) => state.category === category && name !== 'void')
    .map(([name]) => name)
/** Groups of states as people speak of them. */
const GROUPS: readonly {
  readonly value: string
  readonly label: string
  readonly states: readonly string[]
}[] = [
  { value: '', label: '全部', states: [] },
  { value: 'registered', label: '待受理', states: ['registered'] },
  { value: 'accepted', label: '待指派', states: ['accepted'] },
  {
    value: 'open',
    label: '办理中',
    states: inCategory('open').filter((name) => !['registered', 'accepted'].includes(name)),
  },
  { value: 'waiting', label: '等履行、等核验', states: inCategory('waiting') },
  { value: 'done', label: '已办结', states: inCategory('done') },
  { value: 'void', label: '已作废', states: ['void'] },
]
export const GROUP_OPTIONS = GROUPS.map(({ value, label }) => ({ value, label }))

export const emptyFilter = (): MatterFilter => ({
  text: '',
  group: '',
  due: 'any',
  orgUnitId: null,
  category: '',
  order: 'newest',
})

/** @returns input of `matter.list`. */
export function listInput(filter: MatterFilter): PageFilter<'matter.list'> {
  return {
    text: filter.text.trim(),
    states: [...(GROUPS.find((group) => group.value === filter.group)?.states ?? [])],
    due: filter.due,
    orgUnitId: filter.orgUnitId,
    category: filter.category,
    order: filter.order,
  }
}

/** @returns whether anything narrows the list. */
export function isFiltered(filter: MatterFilter): boolean {
  return JSON.stringify({ ...filter, order: 'newest' }) !== JSON.stringify(emptyFilter())
}

type Store = Pick<Storage, 'getItem' | 'setItem'>
const keyOf = (staffId: string): string => `matter-filter:${staffId}`

/**
 * Remembers the filter for this person until the window closes. The searched text stays out: it may be a name, and the
 * window's own storage lies on the disk in clear.
 */
export function rememberFilter(store: Store, staffId: string, filter: MatterFilter): void {
  store.setItem(keyOf(staffId), JSON.stringify({ ...filter, text: '' }))
}

/** @returns the remembered filter, or an empty one; values of another version are left out. */
export function recallFilter(store: Store, staffId: string): MatterFilter {
  try {
    const found: unknown = JSON.parse(store.getItem(keyOf(staffId)) ?? '{}')
    if (typeof found !== 'object' || found === null) return emptyFilter()
    const filter = { ...emptyFilter(), ...found, text: '' }
    const known = GROUPS.some((group) => group.value === filter.group) && DUE.includes(filter.due)
    return known ? filter : emptyFilter()
  } catch {
    return emptyFilter()
  }
}
