import * as fc from 'fast-check'
import { test } from 'vitest'
import { runSchedule, schedule } from './simulation'

/** Printed with every run; `MAOTIAO_SEED` repeats one. A failure prints the shrunk schedule. */
const seed = Number(process.env['MAOTIAO_SEED'] ?? Date.now() % 2 ** 31)

test('500 schedules of four terminals end with the same data', { timeout: 400_000 }, () => {
  console.info(`convergence: seed ${seed}`)
  fc.assert(
    fc.property(schedule, (steps) => {
      runSchedule(steps)
    }),
    { numRuns: Number(process.env['MAOTIAO_RUNS'] ?? 500), seed },
  )
})
