/**
 * Text as the search index holds it. One token per character, so that a phrase query finds any substring of one
 * character up; letters and digits besides as runs with all their endings, so that the end of a telephone number is
 * found without walking the postings of single digits; names also by pinyin and initials.
 */
import { pinyin } from 'pinyin-pro'

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()
const isTokenChar = (point: string): boolean => /[\p{L}\p{N}\p{Co}]/u.test(point)
const ASCII_RUN = /[a-z0-9]+(?:[-_./:][a-z0-9]+)*/g
const JOINERS = /[-_./:]/g
/** Endings of longer runs would make the index large for nothing: no number in use is longer. */
const LONGEST_RUN = 40

const characters = (text: string): string[] => [...fold(text)].filter(isTokenChar)

/** @returns every character as a token, separated by blanks. */
export function bodyText(text: string): string {
  return characters(text).join(' ')
}

/** @returns runs of letters and digits (dashes inside left out) with all their endings. */
export function asciiText(text: string): string {
  const found = new Set<string>()
  for (const [match] of fold(text).matchAll(ASCII_RUN)) {
    const run = match.replace(JOINERS, '').slice(0, LONGEST_RUN)
    for (let start = 0; start < run.length; start += 1) found.add(run.slice(start))
  }
  return [...found].join(' ')
}

/** The same names come again and again; reading one costs a hundred times a look-up. */
const readings = new Map<string, string[][]>()
const REMEMBERED = 20_000

/** Readings of a name, syllable by syllable: as a surname and plain, ü as v and as u. */
export function readingsOf(name: string): string[][] {
  const known = readings.get(name)
  if (known !== undefined) return known
  const made = readName(name)
  if (readings.size >= REMEMBERED) readings.clear()
  readings.set(name, made)
  return made
}

function readName(name: string): string[][] {
  const han = [...name].filter((point) => /\p{Script=Han}/u.test(point)).join('')
  if (han === '') return []
  const read = (surname: 'head' | 'off'): string[] =>
    pinyin(han, { surname, toneType: 'none', type: 'array', v: true })
  const both = [read('head'), read('off')]
  const withU = both.map((syllables) => syllables.map((one) => one.replace('v', 'u')))
  const unique = new Map([...both, ...withU].map((syllables) => [syllables.join(' '), syllables]))
  return [...unique.values()]
}

/** @returns full pinyin and initials of names, from every syllable on: `zhangsanfeng sanfeng feng zsf sf f`. */
export function pinyinText(names: readonly string[]): string {
  const found = new Set<string>()
  for (const syllables of names.flatMap(readingsOf)) {
    for (let start = 0; start < syllables.length; start += 1) {
      const rest = syllables.slice(start)
      found.add(rest.join(''))
      found.add(rest.map((one) => one[0] ?? '').join(''))
    }
  }
  return [...found].join(' ')
}

/** `{body ascii pinyin}` phrases of one typed word; null when nothing in it can be searched. */
function wordQuery(word: string): string | null {
  const folded = fold(word)
  const points = characters(word)
  if (points.length === 0) return null
  const ascii = folded.replace(JOINERS, '')
  if (/^[a-z0-9]+$/.test(ascii)) {
    return ascii.length === 1 && /\d/.test(ascii) ? `body : "${ascii}"` : `{ascii pinyin} : "${ascii}" *`
  }
  return `body : "${points.join(' ')}"`
}

/**
 * @param typed words separated by blanks; all of them must be found
 * @returns an FTS5 query without operators of the typist's own, or null when there is nothing to search for
 */
export function searchQuery(typed: string): string | null {
  const words = typed
    .split(/\s+/)
    .map(wordQuery)
    .filter((word) => word !== null)
  return words.length === 0 ? null : words.join(' AND ')
}
