import { pinyin } from 'pinyin-pro'
import { describe, expect, it } from 'vitest'
import { CHECK_WORDS } from '../../../domain/rules/checkWordList'
import { checkWordsOf, checkWordsProblem, sameCheckWords } from '../../../domain/rules/checkWords'

/** As southern ears hear it: n = l, zh = z, hu = fu, -ng = -n; tones do not count. */
const heard = (word: string): string =>
  pinyin(word, { toneType: 'none', type: 'array' })
    .map((syllable) =>
      syllable
        .replace(/^([zcs])h/, '$1')
        .replace(/^l/, 'n')
        .replace(/^h(?=u)/, 'f')
        .replace(/([aei]n)g$/, '$1'),
    )
    .join(' ')

describe('核对码', () => {
  it('has 256 words of two characters, each with a sound of its own', () => {
    expect(CHECK_WORDS).toHaveLength(256)
    expect(CHECK_WORDS.every((word) => /^\p{Script=Han}{2}$/u.test(word))).toBe(true)
    const sounds = new Map(CHECK_WORDS.map((word) => [heard(word), word]))
    expect(sounds.size).toBe(256)
  })

  it('is the same for the same bytes, and different when any of six bytes differs', () => {
    const digest = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
    const words = checkWordsOf(digest)
    expect(words.split(' ')).toHaveLength(6)
    expect(checkWordsOf(digest)).toBe(words)
    for (let at = 0; at < 6; at += 1) {
      const other = digest.slice()
      other[at] = (other[at] ?? 0) ^ 1
      expect(sameCheckWords(checkWordsOf(other), words)).toBe(false)
    }
  })

  it('blanks and punctuation do not count, order does', () => {
    const words = checkWordsOf(Uint8Array.of(0, 1, 2, 3, 4, 5))
    expect(words).toBe('苹果 香蕉 西瓜 葡萄 橘子 桃花')
    expect(sameCheckWords('苹果，香蕉、西瓜-葡萄　橘子桃花。', words)).toBe(true)
    expect(sameCheckWords('香蕉 苹果 西瓜 葡萄 橘子 桃花', words)).toBe(false)
    expect(sameCheckWords('', words)).toBe(false)
  })

  it('says where the slip is without telling the answer', () => {
    expect(checkWordsProblem('苹果 香蕉 西瓜 葡萄 橘子 桃花')).toBe('')
    expect(checkWordsProblem('苹果 香焦 西瓜 葡萄 橘子 桃花')).toContain('香焦')
    expect(checkWordsProblem('苹果 香蕉')).toContain('2 个')
  })
})
