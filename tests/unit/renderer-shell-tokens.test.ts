import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '../../renderer/styles/tokens.css'), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1] ?? '', found[2] ?? '']),
)

/** WCAG 2.2, relative luminance of an sRGB colour. */
function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0)
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(tokens.get(one) ?? ''), luminance(tokens.get(other) ?? '')].sort(
    (a, b) => a - b,
  )
  return (light + 0.05) / (dark + 0.05)
}

const GROUNDS = ['paper', 'ground', 'brand-tint', 'quiet-tint', 'ok-tint', 'due-tint', 'late-tint']
const TEXT_PAIRS: [string, string][] = [
  ...['ink', 'ink-soft'].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ['ink-faint', 'paper'],
  ['brand-ink', 'brand'],
  ['brand-ink', 'brand-deep'],
  ['brand', 'paper'],
  ['brand', 'brand-tint'],
  ...['ok', 'due', 'late', 'quiet'].flatMap((state): [string, string][] => [
    [state, `${state}-tint`],
    [state, 'paper'],
  ]),
  ['late', 'ground'],
]

describe('colour tokens', () => {
  it.each(TEXT_PAIRS)('text %s on %s is at least 4.5 : 1', (ink, ground) => {
    expect(tokens.has(ink) && tokens.has(ground)).toBe(true)
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5)
  })
  it.each(['paper', 'ground', 'brand-tint'])(
    'the focus ring on %s and the border of a field are at least 3 : 1',
    (ground) => {
      expect(contrast('focus', ground)).toBeGreaterThanOrEqual(3)
      expect(contrast('line-strong', ground)).toBeGreaterThanOrEqual(3)
    },
  )
  it('every type size sets all four sizes and the target, and none is under 44 px', () => {
    const blocks = [...css.matchAll(/(:root|\[data-size='\w+'\]) \{([^}]*)\}/g)]
    expect(blocks.map((block) => block[1])).toEqual([':root', "[data-size='large']", "[data-size='huge']"])
    for (const block of blocks) {
      for (const name of ['text', 'text-s', 'text-l', 'text-xl', 'hit']) {
        expect(block[2]).toMatch(new RegExp(`--${name}: \\d+px;`))
      }
      expect(Number(/--hit: (\d+)px/.exec(block[2] ?? '')?.[1])).toBeGreaterThanOrEqual(44)
    }
  })
})
