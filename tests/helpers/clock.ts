/** Fixed time and seeded randomness: the only fakes besides paper. */
import { createHash } from 'node:crypto'
import type { Clock, Random } from '../../domain/clock'

export interface TestClock extends Clock {
  set(instant: number): void
  advance(milliseconds: number): void
}

/** 10:00 on a working Monday in China unless told otherwise. */
export function testClock(start = Date.parse('2026-03-02T10:00:00+08:00')): TestClock {
  let now = start
  return {
    now: () => now,
    set: (instant) => {
      now = instant
    },
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}

/** The same bytes for the same seed. */
export function seededRandom(seed: string): Random {
  let counter = 0
  return {
    bytes: (length) => {
      const parts: Buffer[] = []
      for (let have = 0; have < length; have += 32)
        parts.push(createHash('sha256').update(`${seed}#${counter++}`).digest())
      return new Uint8Array(Buffer.concat(parts).subarray(0, length))
    },
  }
}
