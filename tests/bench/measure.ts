/** Timing: our way and the bare way in turn, so that what else the machine does falls on both. */

export interface Timing {
  /** Milliseconds. */
  readonly median: number
  readonly p95: number
  readonly runs: number
}

export interface Comparison {
  readonly group: string
  readonly name: string
  readonly ours: Timing
  readonly bare: Timing
  readonly ratio: number
  /** Highest ratio that is good enough. */
  readonly goal: number
  /** Milliseconds granted on top (the trip between processes). */
  readonly allowance: number
  readonly met: boolean
  readonly note: string
}

export interface Case {
  readonly group: string
  readonly name: string
  readonly ours: () => unknown
  readonly bare: () => unknown
  readonly goal: number
  readonly allowance: number
  readonly rounds: number
  readonly note: string
}

/** A case that is slow is cut short; it is slow enough to be seen. */
const MOST_MS = 25_000
const LEAST_ROUNDS = 5

function timingOf(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { median: at(0.5), p95: at(0.95), runs: sorted.length }
}

export function compare(
  { group, name, goal, allowance, note }: Omit<Case, 'ours' | 'bare' | 'rounds'>,
  times: { readonly ours: readonly number[]; readonly bare: readonly number[] },
): Comparison {
  const ours = timingOf(times.ours)
  const bare = timingOf(times.bare)
  const ratio = ours.median / bare.median
  return {
    group,
    name,
    ours,
    bare,
    ratio,
    goal,
    allowance,
    met: ours.median <= goal * bare.median + allowance,
    note,
  }
}

/** Runs both ways in turn, changing which goes first; the first rounds only warm up. */
export async function measure(one: Case): Promise<Comparison> {
  const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] }
  const warmUp = Math.max(2, Math.floor(one.rounds / 10))
  const started = performance.now()
  for (let round = -warmUp; round < one.rounds; round++) {
    for (const way of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
      const before = performance.now()
      await one[way]()
      const took = performance.now() - before
      if (round >= 0) times[way].push(took)
    }
    if (round + 1 >= LEAST_ROUNDS && performance.now() - started > MOST_MS) break
  }
  return compare(one, times)
}
