import { shallowRef, type ShallowRef } from 'vue'
import type { Output } from '../../../domain/contract/index'
import type { Wire } from '../../../domain/marks'
import { request } from '../../api/client'
import { useChanged } from '../../composables/core-event'

export type Unit = Wire<Output<'unit.list'>>[number]
export type Staff = Wire<Output<'staff.list'>>[number]
export type CodeLists = Output<'code.lists'>

/** Villages, communities and grids: where somebody lives or something happened. */
export const PLACE_KINDS: readonly string[] = ['village', 'community', 'grid']
/** Units that take something on. */
export const HANDLER_KINDS: readonly string[] = [
  'district',
  'town',
  'village',
  'community',
  'committee',
  'department',
  'studio',
]

const NO_CODES: CodeLists = { wanted: [], categories: [], ways: [], channels: [] }

/** A short list of the centre, asked when the component comes up and again when its tables change. */
function useList<T>(empty: T, ask: () => Promise<T>, tables: readonly string[]): ShallowRef<T> {
  const list = shallowRef(empty)
  const load = async (): Promise<void> => {
    try {
      list.value = await ask()
    } catch {
      // A picker that stays empty says so itself; the form's own calls report what is wrong with the core.
    }
  }
  useChanged(tables, () => void load())
  void load()
  return list
}

export const useUnits = (): ShallowRef<readonly Unit[]> =>
  useList<readonly Unit[]>([], () => request('unit.list', {}), ['org_unit'])
export const useStaff = (): ShallowRef<readonly Staff[]> =>
  useList<readonly Staff[]>([], () => request('staff.list', {}), ['staff', 'staff_post'])
export const useCodes = (): ShallowRef<CodeLists> =>
  useList(NO_CODES, () => request('code.lists', {}), ['code_item'])

/** @returns options of the two-level list of categories: `邻里纠纷 · 用水排水`. */
export function categoryOptions(codes: CodeLists): { value: string; label: string }[] {
  const names = new Map(codes.categories.map((item) => [item.code, item.name]))
  return codes.categories.map((item) => {
    const parent = item.parent === '' ? undefined : names.get(item.parent)
    return { value: item.code, label: parent === undefined ? item.name : `${parent} · ${item.name}` }
  })
}
