// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../domain/errors'
import ComboPicker from '../../renderer/components/work/ComboPicker.vue'
import SealedForm from '../../renderer/components/work/SealedForm.vue'
import StepForm from '../../renderer/components/work/course/StepForm.vue'
import OneStepButton from '../../renderer/features/mediator/OneStepButton.vue'
import QuestionTab from '../../renderer/features/reception/QuestionTab.vue'

const core = vi.hoisted(() => ({
  answer: (_route: string): unknown => null,
  asked: [] as { route: string; input: Record<string, unknown> }[],
}))
vi.mock('../../renderer/api/client', () => ({
  request: async (route: string, input: Record<string, unknown>) => {
    core.asked.push({ route, input: JSON.parse(JSON.stringify(input)) as Record<string, unknown> })
    return core.answer(route)
  },
  native: async () => null,
  newRequestId: () => crypto.randomUUID(),
  onCoreEvent: () => () => undefined,
}))
const asked = (route: string) => core.asked.filter((call) => call.route === route).map((call) => call.input)

const mounted: VueWrapper[] = []
const show = <T extends VueWrapper>(wrapper: T): T => {
  mounted.push(wrapper)
  return wrapper
}
const button = (wrapper: VueWrapper, words: string) => {
  const found = wrapper.findAll('button').find((item) => item.text().startsWith(words))
  if (found === undefined) throw new Error(`no button ${words}`)
  return found
}
beforeEach(() => {
  setActivePinia(createPinia())
  core.asked = []
  core.answer = (route) => (route === 'staff.list' || route === 'unit.list' ? [] : null)
})
afterEach(() => {
  for (const wrapper of mounted.splice(0)) wrapper.unmount()
})

describe('a long list to choose from', () => {
  const options = [
    { value: 'u1', label: '石埠村' },
    { value: 'u2', label: '石桥村' },
    { value: 'u3', label: '东岸村' },
  ]
  const picker = () =>
    show(mount(ComboPicker, { props: { label: '村', options, modelValue: '' }, attachTo: document.body }))
  it('leaves Enter to the input method while it composes', async () => {
    const wrapper = picker()
    const input = wrapper.find('input')
    await input.trigger('click')
    const enter = new KeyboardEvent('keydown', {
      key: 'Enter',
      isComposing: true,
      cancelable: true,
      bubbles: true,
    })
    input.element.dispatchEvent(enter)
    expect(enter.defaultPrevented).toBe(false)
    expect(wrapper.emitted('update:modelValue')).toBeUndefined()
    await input.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('update:modelValue')).toEqual([['u1']])
  })
  it('takes the only match on leaving, and keeps what fits several with a complaint', async () => {
    const wrapper = picker()
    const input = wrapper.find('input')
    await input.setValue('石')
    await input.trigger('focusout')
    expect(input.element.value).toBe('石')
    expect(wrapper.text()).toContain('还没有选中')
    await input.setValue('东')
    await input.trigger('focusout')
    expect(wrapper.emitted('update:modelValue')?.at(-1)).toEqual(['u3'])
  })
})

describe('a sealed referral', () => {
  it('sends nothing when the person does not want it, and keeps no draft of anything', async () => {
    const wrapper = show(mount(SealedForm, { props: { name: '张小燕' } }))
    await button(wrapper, '本人不愿意').trigger('click')
    expect(wrapper.text()).toContain('什么都不送')
    expect(wrapper.findAll('button').some((item) => item.text() === '密封送出')).toBe(false)
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(asked('sealed.send')).toEqual([])
    expect(core.asked.filter((call) => call.route.startsWith('draft.'))).toEqual([])
  })
  it('wants a second member of staff where life is in danger', async () => {
    const wrapper = show(mount(SealedForm, { props: { name: '张小燕' } }))
    await button(wrapper, '有眼前的生命危险').trigger('click')
    await wrapper.find('textarea').setValue('说不想活了')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.text()).toContain('共同确认')
    expect(asked('sealed.send')).toEqual([])
  })
  it('is sent once and is gone from the screen', async () => {
    const wrapper = show(mount(SealedForm, { props: { name: '张小燕', matterId: 'm1' } }))
    await button(wrapper, '本人口头同意').trigger('click')
    await wrapper.find('textarea').setValue('睡不着')
    const form = wrapper.find('form')
    await Promise.all([form.trigger('submit'), form.trigger('submit')])
    await flushPromises()
    expect(asked('sealed.send')).toHaveLength(1)
    expect(asked('sealed.send')[0]).toMatchObject({
      form: { name: '张小燕', consent: 'oral', matterId: 'm1' },
    })
    expect(wrapper.text()).toContain('本机不留底')
    expect(wrapper.html()).not.toContain('张小燕')
  })
})

describe('a step', () => {
  const props = {
    matterId: 'm1',
    handlingId: 'h1',
    heads: ['e1'],
    step: { kind: 'eased', text: '矛盾缓和' },
  }
  it('names the heads that were shown when the form opened, until the person has seen the new ones', async () => {
    const wrapper = show(mount(StepForm, { props }))
    core.answer = (route) => {
      if (route === 'course.steer') throw new AppError('CHANGED_MEANWHILE', '别的桌子刚办过一步。')
      return []
    }
    await wrapper.find('textarea').setValue('双方不再争吵')
    await wrapper.find('input[type=date]').setValue('2026-03-08')
    await wrapper.setProps({ heads: ['e2'] })
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(asked('course.steer')[0]).toMatchObject({ basis: ['e1'], handlingId: 'h1' })
    expect(wrapper.emitted('stale')).toHaveLength(1)
    expect(wrapper.find('textarea').element.value).toBe('双方不再争吵')

    core.answer = () => []
    await button(wrapper, '仍然这样办').trigger('click')
    await flushPromises()
    const [first, second] = asked('course.steer')
    expect(second).toMatchObject({ basis: ['e2'] })
    expect(second?.['requestId']).not.toBe(first?.['requestId'])
    expect(wrapper.emitted('done')).toHaveLength(1)
  })
  it('is not sent without its words', async () => {
    const wrapper = show(mount(StepForm, { props }))
    await wrapper.find('input[type=date]').setValue('2026-03-08')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(asked('course.steer')).toEqual([])
    expect(wrapper.text()).toContain('请填写缓和情况')
  })
  it('of one press is taken once however often it is pressed, and repeated under the same id after a fall', async () => {
    const handling = {
      id: 'h1',
      way: '',
      wayText: '',
      unitName: '',
      state: 'assigned',
      stateText: '',
      mediators: [],
      due: { dueOn: '', text: '', level: 'none' as const, reason: '' },
      heads: ['e1'],
      otherHeads: [],
      nextKinds: [],
    }
    const step = { kind: 'signed_for', text: '签收' }
    const wrapper = show(mount(OneStepButton, { props: { matterId: 'm1', handling, step } }))
    core.answer = () => {
      throw new AppError('CORE_GONE', '后台刚刚重启。')
    }
    const press = wrapper.find('button')
    await Promise.all([press.trigger('click'), press.trigger('click')])
    await flushPromises()
    expect(asked('course.steer')).toHaveLength(1)
    core.answer = () => ({ eventId: 'e2' })
    await button(wrapper, '再试一次').trigger('click')
    await flushPromises()
    const [first, second] = asked('course.steer')
    expect(second?.['requestId']).toBe(first?.['requestId'])
    expect(wrapper.emitted('done')).toHaveLength(1)
  })
})

describe('a question at the window', () => {
  it('needs one field and no name, and the next one is another entry', async () => {
    const wrapper = show(mount(QuestionTab, { attachTo: document.body }))
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(asked('visit.question')).toEqual([])
    expect(wrapper.text()).toContain('请写下问的是什么')
    for (const words of ['医保怎么转', '社保在哪办']) {
      await wrapper.find('input').setValue(words)
      await wrapper.find('form').trigger('submit')
      await flushPromises()
    }
    const [first, second] = asked('visit.question')
    expect(first).toMatchObject({ patch: { wanted: '医保怎么转' } })
    expect(second?.['requestId']).not.toBe(first?.['requestId'])
  })
})
