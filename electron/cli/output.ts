/** What the command line prints: answers to stdout, everything else to stderr; exit codes 0 done, 1 refused, 2 wrong usage. */
import type { ErrorBody } from '../../domain/errors'

export const EXIT = { done: 0, refused: 1, usage: 2 } as const

/** A refusal with its reason; the process ends with code 1. */
export class Refused extends Error {
  readonly body: ErrorBody
  constructor(body: ErrorBody) {
    super(body.message)
    this.body = body
  }
}

export interface Printer {
  /** Lines for people, or one JSON value with `--json`. */
  result(lines: readonly string[], value: unknown): void
  /** Raw text to stdout, in both forms. */
  raw(text: string): void
  note(line: string): void
  refused(body: ErrorBody): void
}

/** @param style `json` for programs, `text` for people */
export function printer(style: 'json' | 'text'): Printer {
  const out = (text: string): void => void process.stdout.write(`${text}\n`)
  const err = (text: string): void => void process.stderr.write(`${text}\n`)
  return {
    result: (lines, value) => (style === 'json' ? out(JSON.stringify(value)) : lines.forEach(out)),
    raw: (text) => void process.stdout.write(text),
    note: err,
    refused: (body) =>
      style === 'json' ? out(JSON.stringify({ error: body })) : err(`${body.message}（${body.code}）`),
  }
}
