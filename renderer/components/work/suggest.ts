import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Output } from '../../../domain/contract/index'
import type { AppError } from '../../../domain/errors'
import type { Wire } from '../../../domain/marks'
import { request } from '../../api/client'
import { asAppError } from '../../composables/call'

export type Hit = Wire<Output<'person.suggest'>>[number]
export interface SuggestQuery {
  readonly name: string
  readonly phone: string
  readonly idNumber: string
  readonly orgUnitId: string | null
}

/** Long enough that a typist is not followed letter by letter, short enough that it feels at once. */
const PAUSE = 180

/** @returns whether there is enough to ask about: one character of a name, or four digits. A village alone is a crowd. */
export function worthAsking(query: SuggestQuery): boolean {
  const digits = (text: string): number => text.replace(/\D/g, '').length
  return query.name.trim() !== '' || digits(query.phone) >= 4 || digits(query.idNumber) >= 4
}

/**
 * 是不是这位: people on record who may be the one in front of the window. Only asks; it never touches the fields, so an
 * input method composing in them is not disturbed. The newest question wins, whatever the order of the answers.
 * @param query what is typed at the moment
 * @returns hits in the order of the core, and the error of the last question
 */
export function useSuggest(query: () => SuggestQuery): {
  readonly hits: ShallowRef<readonly Hit[]>
  readonly asked: Ref<boolean>
  readonly error: ShallowRef<AppError | null>
} {
  const hits = shallowRef<readonly Hit[]>([])
  const asked = ref(false)
  const error = shallowRef<AppError | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  const ask = async (now: SuggestQuery): Promise<void> => {
    const mine = (turn += 1)
    try {
      const found = await request('person.suggest', { ...now })
      if (mine !== turn) return
      hits.value = found
      asked.value = true
      error.value = null
    } catch (thrown) {
      if (mine === turn) error.value = asAppError(thrown)
    }
  }

  watch(
    () => JSON.stringify(query()),
    () => {
      clearTimeout(timer)
      const now = query()
      if (!worthAsking(now)) {
        turn += 1
        hits.value = []
        asked.value = false
        error.value = null
        return
      }
      timer = setTimeout(() => void ask(now), PAUSE)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    clearTimeout(timer)
    turn += 1
  })
  return { hits, asked, error }
}
