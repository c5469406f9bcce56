import { AppError, type ErrorCode } from '../../domain/errors'

/** @returns the refusal of `work`. @throws whatever else it throws, and when nothing was refused */
export function refusal(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

export const codeIn = (work: () => unknown): ErrorCode => refusal(work).code
