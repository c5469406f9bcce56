import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { TypeSize } from '../../domain/contract/native'
import { native } from '../api/client'

export const TYPE_SIZES: readonly { readonly value: TypeSize; readonly label: string }[] = [
  { value: 'normal', label: '标准' },
  { value: 'large', label: '大' },
  { value: 'largest', label: '特大' },
]
const DATA_SIZE: Readonly<Record<TypeSize, string>> = { normal: 'normal', large: 'large', largest: 'huge' }

/** The size of letters on this terminal: kept by the main process, since a window keeps nothing of its own. */
export const useTypeSize = defineStore('type-size', () => {
  const size = ref<TypeSize>('normal')
  watch(
    size,
    (now) => {
      document.documentElement.dataset['size'] = DATA_SIZE[now]
    },
    { immediate: true },
  )
  async function load(): Promise<void> {
    size.value = await native('app.type_size', {}).catch(() => 'normal' as const)
  }
  async function choose(wanted: TypeSize): Promise<void> {
    size.value = wanted
    // Kept or not, the person sees the size now.
    await native('app.set_type_size', { size: wanted }).catch(() => null)
  }
  return { size, load, choose }
})
