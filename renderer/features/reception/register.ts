import { computed, reactive, ref, shallowRef, watch } from 'vue'
import type { Output } from '../../../domain/contract/index'
import type { Wire } from '../../../domain/marks'
import { request } from '../../api/client'
import { useCall } from '../../composables/call'
import { applyChoices, type Choices } from '../../composables/conflicts'
import { useDraft } from '../../composables/draft'
import { useRequestId } from '../../composables/request-id'
import {
  emptyVisit,
  personChanges,
  registerInput,
  visitProblems,
  type PersonOnRecord,
  type VisitForm,
} from './form'

export type Registered = Wire<Output<'visit.register'>>
type Owed = Wire<Output<'person.owed'>>

/**
 * The state of one registration at the window: form, person picked, what is owed to him, saving, result. Lives as long as
 * the desk, so that a look at another tab loses nothing.
 */
export function useRegistration() {
  const form = reactive<VisitForm>(emptyVisit())
  const onRecord = shallowRef<PersonOnRecord | null>(null)
  const owed = shallowRef<Owed | null>(null)
  const result = shallowRef<Registered | null>(null)
  const clockConfirmed = ref(false)
  const tried = ref(false)
  const requestId = useRequestId()
  const personRequest = useRequestId()
  const draft = useDraft('visit', form)
  const keep = shallowRef<Choices>({})

  const problems = computed<Record<string, string>>(() =>
    tried.value ? Object.fromEntries(visitProblems(form).map((item) => [item.field, item.message])) : {},
  )

  const readPerson = async (id: string): Promise<void> => {
    onRecord.value = await request('person.get', { id })
    owed.value = await request('person.owed', { personId: id })
  }
  const pick = useCall(async (id: string) => {
    owed.value = null
    await readPerson(id)
    const person = onRecord.value
    if (person === null) return
    Object.assign(form, {
      personId: id,
      name: person.name,
      idNumber: person.idNumber === '' ? form.idNumber : person.idNumber,
      idCheckReason: person.idNumber === '' ? form.idCheckReason : '',
      // What is typed now is newer than what is on record.
      phone: form.phone === '' ? person.phone : form.phone,
      orgUnitId: form.orgUnitId ?? person.orgUnitId,
      address: form.address === '' || person.addressSecret ? person.address : form.address,
    })
  })
  // A draft that was taken up names its person; the record is read again.
  watch(
    () => form.personId,
    (id) => {
      if (id !== null && onRecord.value?.id !== id && !pick.busy.value) void pick.run(id)
    },
  )
  const release = (): void => {
    const masked = onRecord.value
    if (masked !== null && form.idNumber === masked.idNumber) form.idNumber = ''
    if (masked?.addressSecret === true) form.address = ''
    Object.assign(form, { personId: null, matterId: null, matterNumber: '' })
    onRecord.value = null
    owed.value = null
  }

  const save = useCall(async () => {
    tried.value = true
    if (visitProblems(form).length > 0) return null
    const person = onRecord.value
    if (person !== null) {
      const patch = applyChoices(personChanges(form, person), keep.value)
      if (Object.keys(patch).length > 0) {
        await request('person.save', {
          requestId: personRequest.id.value,
          basis: person.basis,
          id: person.id,
          patch,
        })
        // Answered: a later correction of the form is another write, compared with what is on record now.
        personRequest.renew()
        keep.value = {}
        onRecord.value = await request('person.get', { id: person.id })
      }
    }
    const input = registerInput(form, {
      requestId: requestId.id.value,
      basis: 0,
      clockConfirmed: clockConfirmed.value,
    })
    result.value = await request('visit.register', input)
    await draft.done()
    return result.value
  })
  /** Both values of a field changed meanwhile were shown; the person chose; the record is read again and saved. */
  const saveWithChoices = async (choices: Choices): Promise<Registered | null | undefined> => {
    keep.value = choices
    personRequest.renew()
    if (form.personId !== null) onRecord.value = await request('person.get', { id: form.personId })
    return save.run()
  }

  const next = async (): Promise<void> => {
    Object.assign(form, emptyVisit())
    onRecord.value = null
    owed.value = null
    result.value = null
    keep.value = {}
    tried.value = false
    requestId.renew()
    personRequest.renew()
    await draft.done()
  }

  return {
    form,
    onRecord,
    owed,
    result,
    clockConfirmed,
    problems,
    draft,
    pick,
    release,
    save,
    saveWithChoices,
    next,
  }
}
export type Registration = ReturnType<typeof useRegistration>
