/** Time and chance of the invented town: both come from outside the machine, so that the same seed is the same town. */
import { createHash } from 'node:crypto'
import type { Clock, Random } from '../../../domain/clock'

/** The same bytes for the same seed. Never for keys. */
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

/** Choices of what is told, apart from the stream that ids come from: another text does not change every id. */
export interface Chance {
  /** Whole number from `from` to `to`, both possible. */
  int(from: number, to: number): number
  /** True in `share` of all cases (0 to 1). */
  hit(share: number): boolean
  pick<T>(items: readonly T[]): T
  /** Picks by weight; weights need not add up to anything. */
  weigh<T>(items: readonly (readonly [T, number])[]): T
}

export function chanceOf(seed: string): Chance {
  const random = seededRandom(`${seed}/told`)
  let pool = Buffer.alloc(0)
  let at = 0
  const next = (): number => {
    if (at + 4 > pool.length) {
      pool = Buffer.from(random.bytes(4096))
      at = 0
    }
    at += 4
    return pool.readUInt32BE(at - 4) / 2 ** 32
  }
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  const pick = <T>(items: readonly T[]): T => {
    const found = items[int(0, items.length - 1)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
  return {
    int,
    pick,
    hit: (share) => next() < share,
    weigh: (items) => {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0)
      let left = next() * total
      for (const [item, weight] of items) {
        left -= weight
        if (left < 0) return item
      }
      return pick(items)[0]
    },
  }
}

export interface DemoClock extends Clock {
  /** Goes to an instant (ms); never back. */
  reach(instant: number): void
}

/** @param start instant, ms */
export function demoClock(start: number): DemoClock {
  let now = start
  return {
    now: () => now,
    reach: (instant) => {
      now = Math.max(now, instant)
    },
  }
}

/** Fills `{name}` in a template; an unknown name is an error of the template. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for {${name}} in ${template}`)
    return value
  })
}
