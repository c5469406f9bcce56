import { computed, onMounted, ref, shallowRef } from 'vue'
import type { Matter } from './step'
import { request } from '../../../api/client'
import { useCall } from '../../../composables/call'
import { useChanged } from '../../../composables/core-event'

const TABLES = [
  'matter',
  'matter_party',
  'matter_respondent_unit',
  'handling',
  'course_event',
  'visit',
  'person',
  'number_issue',
]

/**
 * One matter on screen: read at once, again after every change here or by an import, and with a reason where this person
 * has no task in it.
 * @param id of the matter
 */
export function useMatter(id: string) {
  const matter = shallowRef<Matter | null>(null)
  const reason = ref('')
  const load = useCall(async () => {
    matter.value = await request('matter.get', { id, reason: reason.value })
  })
  const needsReason = computed(() => {
    const error = load.error.value
    return error !== null && (error.code === 'NEEDS_CONFIRMATION' || error.field === 'reason')
  })
  onMounted(() => void load.run())
  useChanged(TABLES, () => void load.run())
  return { matter, reason, needsReason, load }
}
