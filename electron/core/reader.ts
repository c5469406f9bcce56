/** Entry of the reader process: long reading beside saves, on connections that cannot write. */
import { serveTasks } from '../parser/serve'
import { readLong } from './reader-tasks'
import type { ReaderTask } from './app-types'

// Not async work: a promise all the same, so that what is thrown is an answer.
serveTasks<ReaderTask>(async (task) => readLong(task))
