import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ExchangeStatus } from '../../domain/contract/exchange'
import { onCoreEvent, request } from '../api/client'

/** Whether what was entered here has arrived elsewhere: 已送达 / 未送达. Asked after every change, at most every second. */
export const useDelivery = defineStore('delivery', () => {
  const status = shallowRef<ExchangeStatus | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    status.value = await request('exchange.status', {}).catch(() => status.value)
  }
  function forget(): void {
    status.value = null
  }
  onCoreEvent((event) => {
    if (event.kind !== 'changed' && event.kind !== 'exchange') return
    timer ??= setTimeout(() => {
      timer = undefined
      if (status.value !== null) void refresh()
    }, 1000)
  })
  return { status, refresh, forget }
})
