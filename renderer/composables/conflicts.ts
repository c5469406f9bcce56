import type { AppError } from '../../domain/errors'

/** One field that somebody else changed while the form was open. */
interface Conflict {
  readonly field: string
  readonly mine: unknown
  readonly theirs: unknown
}
export type Choices = Readonly<Record<string, 'mine' | 'theirs'>>

/** @returns the fields in question of a `CHANGED_MEANWHILE`, or none for any other error. */
export function conflictsOf(error: AppError | null): readonly Conflict[] {
  if (error?.code !== 'CHANGED_MEANWHILE') return []
  const data = error.data
  if (data === null || typeof data !== 'object' || !('conflicts' in data)) return []
  return Array.isArray(data.conflicts) ? (data.conflicts as Conflict[]) : []
}

/**
 * @param patch what the person wanted to change
 * @param choices per field, whose value stays
 * @returns the patch without the fields where the other value was chosen
 */
export function applyChoices<P extends object>(patch: P, choices: Choices): P {
  const dropped = new Set(Object.keys(choices).filter((field) => choices[field] === 'theirs'))
  return Object.fromEntries(Object.entries(patch).filter(([field]) => !dropped.has(field))) as P
}
