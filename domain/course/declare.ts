/** How a step of a course is declared; the declarations are in `kinds.ts`. */
import type { Post } from '../posts'
import type { CourseState, Outcome } from './states'

export type Register = 'matter' | 'handling'
type FieldType = 'text' | 'date' | 'fen' | 'staff' | 'staffList' | 'choice' | 'dueChange'
export interface CourseField {
  readonly type: FieldType
  readonly required: boolean
  readonly label: string
  readonly options?: readonly { readonly value: string; readonly text: string }[]
  /** Longest text, in characters. */
  readonly max?: number
}
export interface CourseKind {
  readonly text: string
  /** `any`: recording events and decisions belong to either register. */
  readonly register: Register | 'any'
  readonly steering: boolean
  /** States in which it is legal; `start`: the register's first event. */
  readonly from: readonly (CourseState | 'start')[]
  /** Resulting state; null: keeps it. */
  readonly to: CourseState | null
  /** Resulting state by the value of one choice field, where it depends on it. */
  readonly toBy?: { readonly field: string; readonly states: Readonly<Record<string, CourseState>> }
  readonly outcome?: Outcome
  /** Which posts may make it. */
  readonly posts: readonly Post[]
  readonly data: Readonly<Record<string, CourseField>>
  /**
   * Starts or moves a deadline: `acceptance`, `way` by the rules of the handling's way; `performBy` the agreed day;
   * `extension`, `resume` move the running one.
   */
  readonly startsDue?: 'acceptance' | 'way' | 'performBy' | 'extension' | 'resume'
  /** Who handled it may not make it (核验 is never by the handler). */
  readonly notByHandler?: true
}
