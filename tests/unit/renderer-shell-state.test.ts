// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, reactive, ref } from 'vue'
import type { CoreEvent } from '../../domain/contract/events'
import { AppError } from '../../domain/errors'
import { useCall } from '../../renderer/composables/call'
import { flushDrafts, useDraft, type Draft } from '../../renderer/composables/draft'
import { usePage, type PagedList, type RowOf } from '../../renderer/composables/page'
import { useSession } from '../../renderer/stores/session'

/** The border to the core, the one thing a window's test has to stand in for. */
const core = vi.hoisted(() => ({
  answer: (_route: string, _input: Record<string, unknown>): unknown => null,
  asked: [] as { route: string; input: Record<string, unknown> }[],
  listeners: new Set<(event: CoreEvent) => void>(),
}))
vi.mock('../../renderer/api/client', () => ({
  request: async (route: string, input: Record<string, unknown>) => {
    core.asked.push({ route, input: structuredClone(input) })
    return core.answer(route, input)
  },
  native: async () => null,
  newRequestId: () => 'request-1',
  onCoreEvent: (listener: (event: CoreEvent) => void) => {
    core.listeners.add(listener)
    return () => core.listeners.delete(listener)
  },
}))
const tell = (event: CoreEvent): void => core.listeners.forEach((listener) => listener(event))
const asked = (route: string) => core.asked.filter((call) => call.route === route).map((call) => call.input)

const mounted: VueWrapper[] = []
/** Runs a composable inside a component that lives until the test ends. */
function live<T>(use: () => T): T {
  let made: T | undefined
  mounted.push(
    mount(
      defineComponent(() => {
        made = use()
        return () => h('p')
      }),
    ),
  )
  return made as T
}
beforeEach(() => {
  vi.useFakeTimers()
  core.asked = []
  core.answer = () => null
})
afterEach(() => {
  for (const wrapper of mounted.splice(0)) wrapper.unmount()
  core.listeners.clear()
  vi.useRealTimers()
})

describe('a draft', () => {
  const stored = (key: string, content: unknown, savedAt: number) => ({
    key,
    content: JSON.stringify(content),
    savedAt,
  })
  let form: { text: string }
  const open = async (drafts: unknown[]): Promise<Draft> => {
    core.answer = (route) => (route === 'draft.list' ? drafts : null)
    form = reactive({ text: '' })
    const draft = live(() => useDraft('visit', form))
    await flushPromises()
    return draft
  }

  it('is kept within a second although the typing goes on', async () => {
    await open([])
    for (let stroke = 1; stroke <= 5; stroke += 1) {
      form.text = 'x'.repeat(stroke)
      await nextTick()
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(asked('draft.save').length).toBeGreaterThan(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked('draft.save').at(-1)).toEqual({ key: 'visit', content: '{"text":"xxxxx"}' })
  })
  it('is offered again, and taken over by a person only', async () => {
    const draft = await open([stored('visit', { text: '旧的' }, 5), stored('other', { text: '别的' }, 9)])
    expect(draft.offered.value).toEqual({ content: { text: '旧的' }, savedAt: 5 })
    expect(form.text).toBe('')
    draft.accept()
    expect(form.text).toBe('旧的')
    expect(draft.offered.value).toBeNull()
  })
  it('is not written over by new typing before the person has decided', async () => {
    const draft = await open([stored('visit', { text: '旧的' }, 5)])
    form.text = '新的'
    await nextTick()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked('draft.save')).toEqual([{ key: 'visit~', content: '{"text":"新的"}' }])
    expect(draft.offered.value).not.toBeNull()
  })
  it('is gone once the form is saved, also when a save of the draft is on its way', async () => {
    const draft = await open([])
    form.text = '完'
    await nextTick()
    await vi.advanceTimersByTimeAsync(1000)
    await draft.done()
    await vi.advanceTimersByTimeAsync(2000)
    expect(core.asked.at(-1)).toEqual({ route: 'draft.discard', input: { key: 'visit' } })
  })
})

describe('drafts and what closes the way to them', () => {
  it('keeps the last letters before a lock, and tries again when the core was away', async () => {
    core.answer = (route) => (route === 'draft.list' ? [] : null)
    const form = reactive({ text: '' })
    live(() => useDraft('visit', form))
    await flushPromises()
    form.text = '刚打的'
    await flushDrafts()
    expect(asked('draft.save')).toEqual([{ key: 'visit', content: '{"text":"刚打的"}' }])
    core.answer = () => {
      throw new AppError('CORE_GONE', '后台正在恢复')
    }
    form.text = '后台不在时打的'
    await flushDrafts()
    core.answer = () => null
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked('draft.save').at(-1)).toEqual({ key: 'visit', content: '{"text":"后台不在时打的"}' })
    expect(asked('draft.save')).toHaveLength(3)
  })
  it('leaves nothing to offer when the form was emptied', async () => {
    core.answer = (route) => (route === 'draft.list' ? [] : null)
    const form = reactive({ text: '' })
    live(() => useDraft('visit', form))
    form.text = '错了'
    await flushDrafts()
    form.text = ''
    await flushDrafts()
    expect(core.asked.at(-1)).toEqual({ route: 'draft.discard', input: { key: 'visit' } })
  })
})

describe('a list page by page', () => {
  type List = PagedList<RowOf<'audit.list'>>
  let count = 120
  const page = (input: Record<string, unknown>) => {
    const from = Number(input['after'] ?? 0)
    const to = Math.min(count, from + Number(input['limit']))
    const rows = Array.from({ length: to - from }, (_, at) => ({ seq: from + at }))
    return { rows, next: to < count ? String(to) : null, total: count }
  }
  const open = async (): Promise<List> => {
    count = 120
    core.answer = (_route, input) => page(input)
    const list = live(() => usePage('audit.list', () => ({ text: filter.value }), ['audit']))
    await flushPromises()
    return list
  }
  const filter = ref('')

  it('loads on by key, and loads as much again when its table changes', async () => {
    const list = await open()
    expect(list.rows.value).toHaveLength(50)
    await list.loadMore()
    expect(list.rows.value).toHaveLength(100)
    count = 121
    tell({ kind: 'changed', tables: ['person'], counter: 2 })
    await vi.advanceTimersByTimeAsync(500)
    expect(list.total.value).toBe(120)
    tell({ kind: 'changed', tables: ['audit'], counter: 3 })
    await vi.advanceTimersByTimeAsync(500)
    expect(list.total.value).toBe(121)
    expect(list.rows.value).toHaveLength(100)
  })
  it('drops the answer of an older question that comes late', async () => {
    const list = await open()
    let late: (value: unknown) => void = () => undefined
    core.answer = (_route, input) =>
      input['text'] === '慢'
        ? new Promise((resolve) => (late = resolve))
        : { rows: [{ seq: 7 }], next: null, total: 1 }
    filter.value = '慢'
    await nextTick()
    filter.value = '快'
    await flushPromises()
    late({ rows: [{ seq: 1 }, { seq: 2 }], next: null, total: 2 })
    await flushPromises()
    expect(list.rows.value).toEqual([{ seq: 7 }])
  })
  it('keeps its rows when asking again fails', async () => {
    const list = await open()
    core.answer = () => {
      throw new AppError('CORE_GONE', '后台正在恢复')
    }
    await list.reload()
    expect(list.rows.value).toHaveLength(50)
    expect(list.error.value?.code).toBe('CORE_GONE')
    expect(list.loading.value).toBe(false)
  })
})

describe('an action', () => {
  it('starts once on a double click, and says what went wrong', async () => {
    let runs = 0
    const call = live(() =>
      useCall(async () => {
        runs += 1
        await Promise.resolve()
        throw new AppError('DISK_FULL', '磁盘已满')
      }),
    )
    await Promise.all([call.run(), call.run()])
    expect(runs).toBe(1)
    expect(call.error.value?.message).toBe('磁盘已满')
    expect(call.busy.value).toBe(false)
  })
})

describe('the session', () => {
  const info = (post: string) => ({
    staffId: 's1',
    account: 'wangfang',
    postRowId: post,
    posts: [{ postRowId: 'psych' }],
  })
  const open = async () => {
    setActivePinia(createPinia())
    const session = useSession()
    core.answer = () => info('psych')
    await session.signIn('wangfang', 'right')
    return session
  }

  it('hides everything before the core has answered the lock', async () => {
    const session = await open()
    core.answer = () => new Promise(() => undefined)
    void session.lock('person')
    expect(session.locked).toBe('person')
  })
  it('asks the password again when the core was restarted, and goes on in the same post', async () => {
    const session = await open()
    core.answer = () => {
      throw new AppError('NOT_SIGNED_IN', '请先登录')
    }
    tell({ kind: 'core_gone', restarting: true })
    expect(session.core).toBe('restarting')
    tell({ kind: 'core_back' })
    await flushPromises()
    expect([session.core, session.locked, session.phase]).toEqual(['there', 'core_back', 'desk'])
    core.answer = (route) => {
      if (route === 'session.unlock') throw new AppError('NOT_SIGNED_IN', '请先登录')
      return info(route === 'session.switch_post' ? 'psych' : 'clerk')
    }
    await session.unlock('right')
    expect(session.locked).toBeNull()
    expect(session.info?.postRowId).toBe('psych')
    expect(asked('session.switch_post')).toEqual([{ postRowId: 'psych', password: 'right' }])
  })
  it('stays locked on a wrong password and never signs in with it', async () => {
    const session = await open()
    await session.lock('person')
    core.asked = []
    core.answer = () => {
      throw new AppError('WRONG_PASSWORD', '密码不对')
    }
    await expect(session.unlock('wrong')).rejects.toThrow('密码不对')
    expect(session.locked).toBe('person')
    expect(core.asked.map((call) => call.route)).toEqual(['session.unlock'])
  })
  it('shows a data problem instead of the sign-in', async () => {
    setActivePinia(createPinia())
    const session = useSession()
    core.answer = (route) => {
      if (route === 'setup.status')
        return { state: 'ready', problem: { code: 'FILE_DAMAGED', message: '坏了' } }
      throw new AppError('NOT_SIGNED_IN', '请先登录')
    }
    await session.start()
    expect(session.phase).toBe('problem')
  })
})
