/** 区划代码: 2 province, 4 city, 6 county (GB/T 2260), 9 town, 12 village (statistics). */
import { halfWidth } from './text'

/** No province has 99: codes of the demonstration town and of tests belong to nobody. */
export const DEMO_AREA_PREFIX = '99'

export type AreaLevel = 'province' | 'city' | 'county' | 'town' | 'village'
const LEVELS: readonly (readonly [AreaLevel, number])[] = [
  ['province', 2],
  ['city', 4],
  ['county', 6],
  ['town', 9],
  ['village', 12],
]

/** @returns how deep a 12-digit code goes: `360424100000` is a town. */
export function areaLevel(code: string): AreaLevel {
  return LEVELS.find(([, length]) => /^0*$/.test(code.slice(length)))?.[0] ?? 'village'
}

/** @returns the significant digits, with which the codes of everything inside begin. */
export function areaPrefix(code: string): string {
  const length = LEVELS.find(([level]) => level === areaLevel(code))?.[1] ?? 12
  return code.slice(0, length)
}

/** @returns the code one level up, or null for a province. */
export function areaParent(code: string): string | null {
  const index = LEVELS.findIndex(([level]) => level === areaLevel(code))
  const length = LEVELS[index - 1]?.[1]
  return length === undefined ? null : code.slice(0, length).padEnd(12, '0')
}

/** @returns whether it can be an area code: 12 digits, a province that may exist or the test block. */
export function checkAreaCode(typed: string): {
  readonly ok: boolean
  readonly message: string
  readonly text: string
} {
  const text = halfWidth(typed).replace(/\s/g, '')
  if (!/^\d{12}$/.test(text)) return { ok: false, message: '行政区划代码应为 12 位数字。', text }
  const province = Number(text.slice(0, 2))
  const ok = (province >= 11 && province <= 82) || text.startsWith(DEMO_AREA_PREFIX)
  return { ok, message: ok ? '' : '行政区划代码的前两位不是省份代码，请核对。', text }
}
