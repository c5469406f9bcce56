/** 核对码: 48 bits as six everyday words, to be read out and typed at another desk. */
import { CHECK_WORDS } from './checkWordList'

const COUNT = 6

/**
 * @param digest a SHA-256 of what is being compared; its first six bytes become words
 * @returns `苹果 河流 …`, six words
 */
export function checkWordsOf(digest: Uint8Array): string {
  return Array.from({ length: COUNT }, (_, index) => CHECK_WORDS[digest[index] ?? 0] ?? '').join(' ')
}

const plain = (text: string): string => text.normalize('NFKC').replace(/[^\p{Script=Han}]/gu, '')

/** @returns whether the typed words are these; blanks, punctuation and width do not count. */
export function sameCheckWords(typed: string, words: string): boolean {
  const left = plain(typed)
  return left !== '' && left === plain(words)
}

/**
 * Which typed words are in no list, so that the clerk is told where he slipped and not what the answer is.
 * @returns what to say, or an empty text when the words have the right shape
 */
export function checkWordsProblem(typed: string): string {
  const text = plain(typed)
  const words = text.match(/.{1,2}/gu) ?? []
  const strange = words.find((word) => !CHECK_WORDS.includes(word))
  if (strange !== undefined) return `核对码里没有“${strange}”这个词，请看着对方屏幕重新输入。`
  return words.length === COUNT ? '' : `核对码应为 ${COUNT} 个词，现在是 ${words.length} 个。`
}
