import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { request } from '../api/client'

/** What is being typed survives a crash: kept in the encrypted store within a second of the last change. */
export interface Draft {
  /** A draft of an earlier form, until the person decides. */
  readonly offered: ShallowRef<{ readonly content: unknown; readonly savedAt: number } | null>
  readonly savedAt: Ref<number | null>
  accept: () => void
  refuse: () => void
  /** The form was saved or given up: nothing to offer any more. Waits until a save on its way has ended. */
  done: () => Promise<void>
}

const EVERY_MS = 700
const AGAIN_MS = 3000
/** While an older draft waits for its answer, new typing is kept beside it and not over it. */
const BESIDE = '~'

const open = new Set<() => Promise<void>>()

/** Keeps what is being typed everywhere now: before a lock, a sign-out or a change of post closes the way. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...open].map((flush) => flush()))
}

interface StoredDraft {
  readonly key: string
  readonly content: string
  readonly savedAt: number
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Keeps a form's content as a draft and offers it again. Never use it for a form that is sealed into a compartment
 * (DESIGN.md section 5, letter-box).
 * @param key one per form and record: `visit`, `matter:<id>:session`
 * @param state the form's content, plain data
 */
export function useDraft<T extends object>(key: string, state: T): Draft {
  const offered = shallowRef<{ content: unknown; savedAt: number } | null>(null)
  const savedAt = ref<number | null>(null)
  const untouched = JSON.stringify(state)
  let waiting: StoredDraft[] = []
  let saved = untouched
  let timer: ReturnType<typeof setTimeout> | undefined
  let chain: Promise<void> = Promise.resolve()

  const discard = (which: string): Promise<unknown> =>
    request('draft.discard', { key: which }).catch(() => null)
  const currentKey = (): string => (offered.value === null ? key : key + BESIDE)
  const store = (): void => {
    clearTimeout(timer)
    timer = undefined
    const content = JSON.stringify(state)
    if (content === saved) return
    const target = currentKey()
    chain = chain.then(async () => {
      try {
        // A form that was emptied again leaves nothing to offer.
        if (content === untouched) await request('draft.discard', { key: target })
        else await request('draft.save', { key: target, content })
        saved = content
        savedAt.value = content === untouched ? null : Date.now()
      } catch {
        // The form itself stays on screen; the core may be back in a moment.
        if (open.has(flush)) timer ??= setTimeout(store, AGAIN_MS)
      }
    })
  }
  const flush = (): Promise<void> => {
    store()
    return chain
  }
  const showNext = (): void => {
    const next = waiting[0]
    offered.value = next === undefined ? null : { content: parse(next.content), savedAt: next.savedAt }
  }
  const settle = (): void => {
    const first = waiting.shift()
    if (first !== undefined) void discard(first.key)
    showNext()
  }

  onMounted(async () => {
    try {
      const all = await request('draft.list', {})
      waiting = all
        .filter((draft) => draft.key === key || draft.key === key + BESIDE)
        .filter((draft) => parse(draft.content) !== undefined && draft.content !== untouched)
        .sort((a, b) => b.savedAt - a.savedAt)
      showNext()
    } catch {
      waiting = []
    }
  })
  watch(
    () => JSON.stringify(state),
    () => {
      // Not put off by further typing: the first change of a burst starts the clock.
      timer ??= setTimeout(store, EVERY_MS)
    },
  )
  open.add(flush)
  onBeforeUnmount(() => {
    open.delete(flush)
    store()
  })

  return {
    offered,
    savedAt,
    accept: () => {
      const content = offered.value?.content
      if (content !== null && typeof content === 'object') Object.assign(state, content)
      settle()
    },
    refuse: settle,
    done: async () => {
      clearTimeout(timer)
      timer = undefined
      saved = JSON.stringify(state)
      savedAt.value = null
      await chain
      await discard(currentKey())
    },
  }
}
