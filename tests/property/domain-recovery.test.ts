/** The recovery sheet: what goes in comes out, and every single slip of a typist is found. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeRecovery, encodeRecovery, recoverySheetText } from '../../domain/documents/recoverySheet'

const ALPHABET = '346789ACDEFGHJKMNPRTWXY'
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })
const position = fc.nat(74)

it('round trip, as typed by anybody', () => {
  fc.assert(
    fc.property(secret, fc.constantFrom(' ', '-', '', '\n', '　', ' — '), (bytes, separator) => {
      const groups = encodeRecovery(bytes)
      expect(groups).toHaveLength(15)
      const typed = groups.join(separator).toLowerCase()
      expect(decodeRecovery(typed)).toEqual({ ok: true, secret: bytes })
      expect(decodeRecovery(recoverySheetText('示范镇矛调中心', '2026-11-22', bytes))).toEqual({
        ok: true,
        secret: bytes,
      })
    }),
  )
})

it('one wrong character is found, and its group named', () => {
  fc.assert(
    fc.property(secret, position, fc.constantFrom(...ALPHABET), (bytes, at, char) => {
      const text = encodeRecovery(bytes).join('')
      fc.pre(text[at] !== char)
      const decoded = decodeRecovery(text.slice(0, at) + char + text.slice(at + 1))
      expect(decoded).toMatchObject({ ok: false, group: Math.floor(at / 5) + 1 })
    }),
    { numRuns: 2000 },
  )
})

it('two neighbours exchanged are found', () => {
  fc.assert(
    fc.property(secret, fc.nat(73), (bytes, at) => {
      const text = encodeRecovery(bytes).join('')
      fc.pre(text[at] !== text[at + 1])
      const slipped = `${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`
      expect(decodeRecovery(slipped).ok).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

it('a character too many or too few is found', () => {
  fc.assert(
    fc.property(secret, position, fc.constantFrom(...ALPHABET), (bytes, at, char) => {
      const text = encodeRecovery(bytes).join('')
      expect(decodeRecovery(text.slice(0, at) + text.slice(at + 1)).ok).toBe(false)
      expect(decodeRecovery(text.slice(0, at) + char + text.slice(at)).ok).toBe(false)
    }),
  )
})

it('two groups exchanged are found', () => {
  fc.assert(
    fc.property(secret, fc.nat(14), fc.nat(14), (bytes, one, other) => {
      const groups = encodeRecovery(bytes)
      const [a = '', b = ''] = [groups[one], groups[other]]
      fc.pre(a.slice(0, 4) !== b.slice(0, 4))
      groups[one] = b
      groups[other] = a
      expect(decodeRecovery(groups.join(''))).toMatchObject({ ok: false, group: Math.min(one, other) + 1 })
    }),
  )
})

it('two slips that make one group right again are found over the whole', () => {
  const groups = encodeRecovery(new Uint8Array(32))
  const last = groups[14] ?? ''
  // The first character counts once, the second twice: two up and one down leave the group's sum as it was.
  const shift = (char = '', by = 0): string => ALPHABET[(ALPHABET.indexOf(char) + by + 23) % 23] ?? ''
  groups[14] = shift(last[0], 2) + shift(last[1], -1) + last.slice(2)
  const decoded = decodeRecovery(groups.join(''))
  expect(decoded.ok ? '' : decoded.message).toContain('整体校验')
})

it('any text decodes to an answer, never to an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(typeof decodeRecovery(text).ok).toBe('boolean')
    }),
  )
  expect(decodeRecovery('0'.repeat(75))).toMatchObject({ ok: false, group: 1 })
  expect(decodeRecovery('Y'.repeat(75)).ok).toBe(false)
})
