// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { AppError } from '../../domain/errors'
import AppForm from '../../renderer/components/AppForm.vue'
import ErrorNote from '../../renderer/components/ErrorNote.vue'
import LabeledInput from '../../renderer/components/LabeledInput.vue'
import ModalDialog from '../../renderer/components/ModalDialog.vue'
import SegmentedChoice from '../../renderer/components/SegmentedChoice.vue'
import { watchIme } from '../../renderer/composables/ime'
import { keysOf, shortcutTable, useShortcut } from '../../renderer/composables/shortcut'

const PROCESS_KEY = 229
let mounted: VueWrapper[] = []
let unwatch: () => void
beforeEach(() => {
  document.body.innerHTML = '<div id="app"></div><div id="dialogs"></div>'
  unwatch = watchIme(document)
})
afterEach(() => {
  for (const wrapper of mounted.splice(0)) wrapper.unmount()
  unwatch()
  mounted = []
})
function show(component: Parameters<typeof mount>[0], options: Record<string, unknown> = {}): VueWrapper {
  const wrapper = mount(component, { attachTo: '#app', ...options })
  mounted.push(wrapper)
  return wrapper
}
function press(
  key: string,
  more: KeyboardEventInit & { keyCode?: number } = {},
  target: EventTarget = window,
) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  if (more.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: more.keyCode })
  target.dispatchEvent(event)
  return event
}
function withShortcut(keys: string, handler: () => void, more?: { label?: string; inDialog?: true }) {
  return defineComponent(() => {
    useShortcut(keys, handler, more)
    return () => h('p')
  })
}

describe('shortcuts', () => {
  it('fire once for a held key, and not after the component is gone', () => {
    const handler = vi.fn()
    const wrapper = show(withShortcut('F9', handler))
    press('F9')
    press('F9', { repeat: true })
    expect(handler).toHaveBeenCalledTimes(1)
    wrapper.unmount()
    press('F9')
    expect(handler).toHaveBeenCalledTimes(1)
  })
  it('leave every key of an input method alone', () => {
    const handler = vi.fn()
    show(withShortcut('Enter', handler))
    press('Enter', { isComposing: true })
    const after = press('Enter', { keyCode: PROCESS_KEY })
    expect(handler).not.toHaveBeenCalled()
    expect(after.defaultPrevented).toBe(false)
    press('Enter')
    expect(handler).toHaveBeenCalledTimes(1)
  })
  it('are silent while a dialog is open, except those meant for it', async () => {
    const plain = vi.fn()
    const always = vi.fn()
    show(withShortcut('F9', plain, { label: '登记' }))
    show(withShortcut('F12', always, { label: '锁屏', inDialog: true }))
    expect(shortcutTable().map((entry) => entry.keys)).toEqual(['F9', 'F12'])
    show(ModalDialog, { props: { open: true, title: '问一下' } })
    await nextTick()
    press('F9')
    press('F12')
    expect(plain).not.toHaveBeenCalled()
    expect(always).toHaveBeenCalledTimes(1)
  })
  it('spell keys in one way', () => {
    expect(keysOf(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))).toBe('Ctrl+K')
    expect(keysOf(new KeyboardEvent('keydown', { key: 'F9', shiftKey: true }))).toBe('Shift+F9')
  })
})

describe('a form', () => {
  it('is not sent by the Enter of an input method', async () => {
    const wrapper = show(AppForm, { slots: { default: '<input>' } })
    const form = wrapper.get('form')
    const input = wrapper.get('input').element
    input.dispatchEvent(new Event('compositionstart', { bubbles: true }))
    await form.trigger('submit')
    input.dispatchEvent(new Event('compositionend', { bubbles: true }))
    press('Enter', { keyCode: PROCESS_KEY }, input)
    await form.trigger('submit')
    expect(wrapper.emitted('submit')).toBeUndefined()
    input.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }))
    press('Enter', {}, input)
    await form.trigger('submit')
    expect(wrapper.emitted('submit')).toHaveLength(1)
  })
  it('gets only finished text from a field', async () => {
    const wrapper = show(LabeledInput, { props: { label: '姓名', modelValue: '' } })
    const input = wrapper.get('input')
    await input.trigger('compositionstart')
    input.element.value = 'li'
    await input.trigger('input')
    expect(wrapper.emitted('update:modelValue')).toBeUndefined()
    input.element.value = '李'
    await input.trigger('compositionend')
    expect(wrapper.emitted('update:modelValue')).toEqual([['李']])
  })
  it('puts the focus into the field that an error names', async () => {
    const error = ref<AppError | null>(null)
    show(
      defineComponent(
        () => () =>
          h('form', [
            h(LabeledInput, { label: '账号', name: 'account', modelValue: '' }),
            h(LabeledInput, { label: '姓名', name: 'name', modelValue: '' }),
            h(ErrorNote, { error: error.value }),
          ]),
      ),
    )
    error.value = new AppError('BAD_INPUT', '姓名最多 40 个字', { field: 'patch.person.create.name' })
    await nextTick()
    await nextTick()
    expect((document.activeElement as HTMLElement).dataset['field']).toBe('name')
    expect(document.querySelector('[role=alert]')?.textContent).toContain('姓名最多 40 个字')
  })
})

describe('a dialog', () => {
  const slots = { default: '<button id="one">一</button><input id="two">' }
  it('takes the focus, keeps it, and gives it back', async () => {
    const before = document.createElement('button')
    document.body.append(before)
    before.focus()
    const wrapper = show(ModalDialog, { props: { open: false, title: '问一下' }, slots })
    await wrapper.setProps({ open: true })
    await nextTick()
    expect(document.activeElement?.id).toBe('one')
    press('Tab', { shiftKey: true }, document.activeElement ?? window)
    expect(document.activeElement?.id).toBe('two')
    press('Tab', {}, document.activeElement ?? window)
    expect(document.activeElement?.id).toBe('one')
    await wrapper.setProps({ open: false })
    expect(document.activeElement).toBe(before)
  })
  it('closes on Esc, but not on the Esc that takes a syllable back', async () => {
    const wrapper = show(ModalDialog, { props: { open: true, title: '问一下' }, slots })
    await nextTick()
    const field = document.getElementById('two') ?? window
    press('Escape', { isComposing: true }, field)
    press('Escape', { keyCode: PROCESS_KEY }, field)
    expect(wrapper.emitted('close')).toBeUndefined()
    press('Escape', {}, field)
    expect(wrapper.emitted('close')).toHaveLength(1)
  })
})

describe('a choice of a few words', () => {
  it('moves with arrow keys round the end and has one tab stop', async () => {
    const options = ['纠纷调解', '咨询', '欠薪'].map((label) => ({ value: label, label }))
    const wrapper = show(SegmentedChoice, { props: { label: '想办什么', options, modelValue: '欠薪' } })
    expect(wrapper.findAll('[tabindex="0"]').map((item) => item.text())).toEqual(['欠薪'])
    await wrapper.get('[role=radiogroup]').trigger('keydown', { key: 'ArrowRight' })
    await wrapper.findAll('[role=radio]')[1]?.trigger('click')
    expect(wrapper.emitted('update:modelValue')).toEqual([['纠纷调解'], ['咨询']])
  })
})
