import { ref, type Ref } from 'vue'
import { newRequestId } from '../api/client'

/**
 * The id of one intended write: made when the form opens and kept over retries, so that a save repeated after
 * `CORE_GONE` is entered once. Call `renew` when the write is answered and the form starts afresh.
 */
export function useRequestId(): { id: Ref<string>; renew: () => void } {
  const id = ref(newRequestId())
  return {
    id,
    renew: () => {
      id.value = newRequestId()
    },
  }
}
