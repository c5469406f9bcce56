/**
 * Errors a person meets. Code for programs, message in Chinese for people: what happened, what was kept, what to do.
 * No dependency, so that the window may import it by value.
 */
export const ERROR_CODES = [
  'BAD_INPUT', // a field is wrong; `field` names it
  'NOT_FOUND',
  'FORBIDDEN', // the post or the person may not do or see this
  'NOT_SIGNED_IN',
  'LOCKED', // idle lock: the session needs its password again
  'WRONG_PASSWORD',
  'TOO_MANY_TRIES',
  'CHANGED_MEANWHILE', // data: {conflicts: {field, mine, theirs}[]}
  'STEP_NOT_ALLOWED', // a steering event that the course does not allow now
  'NEEDS_CONFIRMATION', // data says what the person has to confirm (check digit, clock, …)
  'CLOCK_IMPLAUSIBLE',
  'COMPARTMENT_CLOSED', // the session holds no key to it
  'CORE_GONE',
  'IN_USE',
  'NOT_SET_UP',
  'ALREADY_SET_UP',
  'DISK_FULL',
  'READ_ONLY',
  'FILE_EMPTY',
  'FILE_FOREIGN', // not one of ours
  'FILE_OTHER_CENTRE',
  'FILE_DAMAGED',
  'FILE_NEWER',
  'PACKAGE_TRUNCATED',
  'PACKAGE_ALTERED',
  'PACKAGE_NOT_FOR_US',
  'PACKAGE_UNKNOWN_SENDER',
  'PACKAGE_WAITS', // its predecessors have not arrived
  'CHECK_WORDS_WRONG',
  'ROUTE_NOT_FOUND',
  'UNEXPECTED',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorBody {
  readonly code: ErrorCode
  readonly message: string
  readonly field?: string
  readonly data?: unknown
}

/** An error with a code and a Chinese sentence. `field` is the path of the input field it is about. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly data: unknown

  constructor(
    code: ErrorCode,
    message: string,
    more: { field?: string; data?: unknown; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'AppError'
    this.code = code
    this.field = more.field
    this.data = more.data
  }

  /** The form that crosses a process border (structured clone drops custom fields of an Error). */
  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(this.data === undefined ? {} : { data: this.data }),
    }
  }
}

export type Result<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ErrorBody }
