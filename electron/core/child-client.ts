import { AppError, type ErrorBody } from '../../domain/errors'
import type { ParserClient, ReaderClient } from './app-types'
import type { ChildAnswer, ChildRequest } from './host-messages'

/** One running child process. */
export interface ChildLink {
  send(request: ChildRequest): void
  /** Ends the process; `gone` is still called. */
  end(): void
}
/** Starts a child process. `gone` is called once when it has ended, for whatever reason. */
export type OpenChildLink = (on: { answer: (answer: ChildAnswer) => void; gone: () => void }) => ChildLink

interface Terms {
  /** Milliseconds per task. */
  readonly timeLimit: number
  /** Whether the process waits for the next task or ends with this one. */
  readonly afterTask: 'wait' | 'end'
  readonly late: () => AppError
  readonly gone: () => AppError
  /** The child failed with something that is no sentence of ours. */
  readonly broken: () => AppError
}
interface ChildClient {
  readonly run: (task: unknown) => Promise<unknown>
  /** Ends the child; nothing is run afterwards. */
  readonly close: () => void
}

/** Hands tasks to a child, one at a time; a child that dies or takes too long is replaced by the next task. */
function createChildClient(open: OpenChildLink, terms: Terms): ChildClient {
  let link: ChildLink | null = null
  let settle: ((answer: ChildAnswer | 'gone') => void) | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let lastId = 0
  let closed = false

  function current(): ChildLink {
    if (link !== null) return link
    const opened: ChildLink = open({
      answer: (answer) => {
        if (link === opened) settle?.(answer)
      },
      gone: () => {
        if (link !== opened) return
        link = null
        settle?.('gone')
      },
    })
    link = opened
    return opened
  }

  function end(): void {
    link?.end()
    link = null
  }

  async function run(task: unknown): Promise<unknown> {
    if (closed) throw terms.gone()
    const id = ++lastId
    let timer: ReturnType<typeof setTimeout> | undefined
    const answer = await new Promise<ChildAnswer | 'gone' | 'late'>((resolve) => {
      settle = resolve
      timer = setTimeout(() => resolve('late'), terms.timeLimit)
      current().send({ id, task })
    })
    clearTimeout(timer)
    settle = null
    if (answer === 'late' || terms.afterTask === 'end') end()
    if (answer === 'late') throw terms.late()
    if (answer === 'gone') throw terms.gone()
    if (answer.ok) return answer.value
    throw errorIn(answer.error) ?? terms.broken()
  }

  return {
    run(task) {
      const mine = turn.then(() => run(task))
      turn = mine.catch(() => undefined)
      return mine
    },
    close() {
      closed = true
      end()
      settle?.('gone')
    },
  }
}

function errorIn(error: unknown): AppError | null {
  if (error === null || typeof error !== 'object') return null
  const { code, message, field, data } = error as ErrorBody
  return new AppError(code, message, { ...(field === undefined ? {} : { field }), data })
}

/** The largest accepted file needs seconds, a bomb would take for ever. */
const PARSER_LIMIT_MS = 120_000

const unreadable = (what: string): AppError =>
  new AppError('FILE_DAMAGED', `${what}。文件没有改动，也没有导入任何内容。`)

/**
 * Untrusted files are read by a keyless child.
 * @param open starts the child in the way of the hosting process
 * @param timeLimit milliseconds per task
 */
export function createParserClient(
  open: OpenChildLink,
  timeLimit = PARSER_LIMIT_MS,
): ParserClient & { close(): void } {
  const { run, close } = createChildClient(open, {
    timeLimit,
    afterTask: 'wait',
    late: () => unreadable('这个文件读了太久，已停止读取'),
    gone: () => unreadable('读取这个文件时出错，已停止读取'),
    broken: () => unreadable('这个文件读不懂，可能已损坏'),
  })
  return { parse: run, close }
}

/** A year's centre needs minutes, on an old disk more. */
const READER_LIMIT_MS = 30 * 60_000

const unfinished = (what: string): AppError =>
  new AppError('UNEXPECTED', `${what}，没有做完。已录入的内容都在，可以照常办理，请再做一次。`)

/**
 * Long reading beside saves, by a child that is handed the keys with its task and ends with it: nothing of them stays.
 * @param open starts the child in the way of the hosting process
 */
export function createReaderClient(open: OpenChildLink): ReaderClient & { close(): void } {
  const { run, close } = createChildClient(open, {
    timeLimit: READER_LIMIT_MS,
    afterTask: 'end',
    late: () => unfinished('备份或检查用了太久，已停止'),
    gone: () => unfinished('备份或检查的后台程序中途停了'),
    broken: () => unfinished('备份或检查时程序出错'),
  })
  return { run: run as ReaderClient['run'], close }
}
