import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { AppError } from '../../domain/errors'

/** @returns the error as one that a person can read, whatever was thrown. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(
    'UNEXPECTED',
    '出现了没有料到的问题，已录入的内容都在。请再试一次；还不行请告诉管理员。',
    {
      cause: error,
    },
  )
}

interface Call<A extends unknown[], T> {
  readonly busy: Ref<boolean>
  readonly error: ShallowRef<AppError | null>
  /** Runs the function; a second call while the first is running is ignored (double clicks are harmless). */
  run: (...input: A) => Promise<T | undefined>
}

/**
 * An action of a button or a form: busy state, the error it ended with, no double start.
 * @param action may throw AppError
 * @returns `run` answers undefined when the action failed (see `error`) or was already running
 */
export function useCall<A extends unknown[], T>(action: (...input: A) => Promise<T>): Call<A, T> {
  const busy = ref(false)
  const error = shallowRef<AppError | null>(null)
  const run = async (...input: A): Promise<T | undefined> => {
    if (busy.value) return undefined
    busy.value = true
    error.value = null
    try {
      return await action(...input)
    } catch (thrown) {
      error.value = asAppError(thrown)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
