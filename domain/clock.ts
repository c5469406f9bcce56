/** Time comes in as a parameter everywhere (DESIGN.md section 3): nothing in domain or db asks the machine for it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number
}

/** Random bytes as a parameter, so that the demonstration town is the same for the same seed. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** A civil date `YYYY-MM-DD` in China Standard Time (UTC+8, no summer time since 1991). */
export type LocalDate = string

const CHINA_OFFSET = 8 * 3600 * 1000

/** @param instant milliseconds since 1970 UTC. @returns the civil date in China at that instant. */
export function localDateOf(instant: number): LocalDate {
  return new Date(instant + CHINA_OFFSET).toISOString().slice(0, 10)
}

/** @param instant milliseconds since 1970 UTC. @returns `YYYY-MM-DD HH:mm` in China. */
export function localMinuteOf(instant: number): string {
  return new Date(instant + CHINA_OFFSET).toISOString().slice(0, 16).replace('T', ' ')
}
