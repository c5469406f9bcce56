import { AppError, type ErrorBody } from '../../domain/errors'
import type { ParserClient, ParserTask } from './app-types'
import type { ParserAnswer, ParserRequest } from './host-messages'

/** One running parser process. */
export interface ParserLink {
  send(request: ParserRequest): void
  /** Ends the process; `gone` is still called. */
  end(): void
}
/** Starts a parser process. `gone` is called once when it has ended, for whatever reason. */
export type OpenParserLink = (on: { answer: (answer: ParserAnswer) => void; gone: () => void }) => ParserLink

/** Milliseconds a file may take: the largest accepted one needs seconds, a bomb would take for ever. */
const TIME_LIMIT_MS = 120_000

/**
 * Hands tasks to a keyless child, one at a time; a child that dies or takes too long is replaced by the next task.
 * @param open starts the child in the way of the hosting process
 * @param timeLimit milliseconds per task
 */
export function createParserClient(
  open: OpenParserLink,
  timeLimit = TIME_LIMIT_MS,
): ParserClient & { close(): void } {
  let link: ParserLink | null = null
  let settle: ((answer: ParserAnswer | 'gone') => void) | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let lastId = 0

  function current(): ParserLink {
    if (link !== null) return link
    const opened: ParserLink = open({
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

  async function run(task: ParserTask): Promise<unknown> {
    const id = ++lastId
    let timer: ReturnType<typeof setTimeout> | undefined
    const answer = await new Promise<ParserAnswer | 'gone' | 'late'>((resolve) => {
      settle = resolve
      timer = setTimeout(() => resolve('late'), timeLimit)
      current().send({ id, task })
    })
    clearTimeout(timer)
    settle = null
    if (answer === 'late') {
      link?.end()
      link = null
      throw new AppError('FILE_DAMAGED', '这个文件读了太久，已停止读取。文件没有改动，也没有导入任何内容。')
    }
    if (answer === 'gone') {
      throw new AppError('FILE_DAMAGED', '读取这个文件时出错，已停止读取。文件没有改动，也没有导入任何内容。')
    }
    if (answer.ok) return answer.value
    throw fromParser(answer.error)
  }

  return {
    parse(task) {
      const mine = turn.then(() => run(task))
      turn = mine.catch(() => undefined)
      return mine
    },
    close() {
      link?.end()
      link = null
    },
  }
}

function fromParser(error: unknown): AppError {
  if (error === null || typeof error !== 'object') {
    return new AppError('FILE_DAMAGED', '这个文件读不懂，可能已损坏。文件没有改动，也没有导入任何内容。')
  }
  const { code, message, field, data } = error as ErrorBody
  return new AppError(code, message, { ...(field === undefined ? {} : { field }), data })
}
