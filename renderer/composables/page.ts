import {
  computed,
  onBeforeUnmount,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'
import type { RawInput, RouteName, Output } from '../../domain/contract/index'
import type { Page } from '../../domain/contract/define'
import type { AppError } from '../../domain/errors'
import type { Wire } from '../../domain/marks'
import { request } from '../api/client'
import { asAppError } from './call'
import { useChanged } from './core-event'

/** Routes that answer a list page by page. */
type PageRoute = {
  [R in RouteName]: Output<R> extends Page<unknown> ? R : never
}[RouteName]
export type RowOf<R extends PageRoute> = Output<R> extends Page<infer T> ? Wire<T> : never
/** Input of a list without the keys of the page itself. */
export type PageFilter<R extends PageRoute> = Omit<RawInput<R>, 'after' | 'limit'>

export interface PagedList<Row> {
  readonly rows: ShallowRef<readonly Row[]>
  readonly total: Ref<number>
  readonly loading: Ref<boolean>
  readonly error: ShallowRef<AppError | null>
  readonly more: ComputedRef<boolean>
  loadMore: () => Promise<void>
  reload: () => Promise<void>
}

const PAGE = 50
const MAX_PAGE = 200

/**
 * A list by key: the first page at once, the next ones as the person scrolls, everything that was loaded again when a
 * table it shows has changed. Rows are replaced in place, so selection (kept by key) and focus stay.
 * @param route a list route of the contract
 * @param filter its input; the list starts afresh when it changes
 * @param tables tables whose change makes the list ask again
 */
export function usePage<R extends PageRoute>(
  route: R,
  filter: () => PageFilter<R>,
  tables: readonly string[],
): PagedList<RowOf<R>> {
  const rows = shallowRef<readonly RowOf<R>[]>([])
  const total = ref(0)
  const next = ref<string | null>(null)
  const loading = ref(false)
  const error = shallowRef<AppError | null>(null)
  // Answers of an older question are dropped: the newest question wins, whatever the order of arrival.
  let asked = 0
  onBeforeUnmount(() => {
    asked += 1
  })

  const ask = async (after: string | null, limit: number): Promise<Page<RowOf<R>>> => {
    const input = { ...filter(), after, limit } as unknown as RawInput<R>
    return (await request(route, input)) as unknown as Page<RowOf<R>>
  }

  /** Asks again for at least as many rows as are shown. */
  const fill = async (wanted: number): Promise<void> => {
    const mine = (asked += 1)
    loading.value = true
    try {
      let found: RowOf<R>[] = []
      let after: string | null = null
      let all = 0
      do {
        const page: Page<RowOf<R>> = await ask(
          after,
          Math.min(MAX_PAGE, Math.max(PAGE, wanted - found.length)),
        )
        if (mine !== asked) return
        found = [...found, ...page.rows]
        after = page.next
        all = page.total
      } while (after !== null && found.length < wanted)
      rows.value = found
      next.value = after
      total.value = all
      error.value = null
    } catch (thrown) {
      if (mine === asked) error.value = asAppError(thrown)
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  const loadMore = async (): Promise<void> => {
    const after = next.value
    if (after === null || loading.value) return
    const mine = (asked += 1)
    loading.value = true
    try {
      const page = await ask(after, PAGE)
      if (mine !== asked) return
      rows.value = [...rows.value, ...page.rows]
      next.value = page.next
      total.value = page.total
      error.value = null
    } catch (thrown) {
      if (mine === asked) error.value = asAppError(thrown)
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  const reload = (): Promise<void> => fill(rows.value.length)
  watch(
    () => JSON.stringify(filter()),
    () => void fill(0),
    { immediate: true },
  )
  useChanged(tables, () => void reload())
  return { rows, total, loading, error, more: computed(() => next.value !== null), loadMore, reload }
}
