/** Which person on record may be the one at the counter, and why: facts a clerk can check, never a verdict. */
import { codeForm } from './text'
import { checkPhone, phoneTail } from './phone'

/** What is known of one side; empty text or null: not known. */
export interface MatchFacts {
  readonly name: string
  /** Pinyin of the name without tones, one per surname reading: `zengxiaoming`. */
  readonly pinyin: readonly string[]
  readonly phone: string
  readonly idNumber: string
  readonly orgUnitId: string | null
  /** Four digits. */
  readonly birthYear: string
}
export interface MatchScore {
  /** 0: nothing speaks for it, do not show. Only an order, never shown. */
  readonly score: number
  /** `同名 + 同村 + 电话尾号 5521 一致`. */
  readonly reason: string
}

/** First-generation numbers lack the century and the check character. */
function sameIdNumber(a: string, b: string): boolean {
  const short = (text: string): string => (text.length === 18 ? text.slice(0, 6) + text.slice(8, 17) : text)
  const [left, right] = [codeForm(a), codeForm(b)]
  if (left === '' || right === '') return false
  if (left.length === right.length) return left === right
  return [left, right].every((text) => /^\d{15}(\d{2}[\dX])?$/.test(text)) && short(left) === short(right)
}

const NO_FACT = { points: 0, says: '' }
type Fact = typeof NO_FACT

function nameFact(query: MatchFacts, candidate: MatchFacts): Fact {
  const [typed, known] = [query.name.replace(/\s/g, ''), candidate.name.replace(/\s/g, '')]
  if (typed === '' || known === '') return NO_FACT
  if (typed === known) return { points: 40, says: '同名' }
  if (query.pinyin.some((reading) => reading !== '' && candidate.pinyin.includes(reading))) {
    return { points: 25, says: `读音相同（${known}）` }
  }
  const sameLetters = [...typed].sort().join('') === [...known].sort().join('')
  if (sameLetters) return { points: 20, says: '名字用字相同' }
  return typed.length > 1 && known.includes(typed) ? { points: 12, says: '名字含所输的字' } : NO_FACT
}

function phoneFact(query: MatchFacts, candidate: MatchFacts): Fact {
  const tail = phoneTail(checkPhone(query.phone).text)
  if (tail === '' || tail !== phoneTail(checkPhone(candidate.phone).text)) return NO_FACT
  const whole = codeForm(query.phone) === codeForm(candidate.phone)
  return { points: whole && codeForm(query.phone).length > 4 ? 45 : 25, says: `电话尾号 ${tail} 一致` }
}

function idFact(query: MatchFacts, candidate: MatchFacts): Fact {
  if (query.idNumber === '' || candidate.idNumber === '') return NO_FACT
  // Two different numbers speak against it, without hiding somebody whose number was once mistyped.
  return sameIdNumber(query.idNumber, candidate.idNumber)
    ? { points: 100, says: '证件号码一致' }
    : { points: -30, says: '证件号码不同' }
}

/**
 * @param query what the clerk has typed so far
 * @param candidate a person on record
 * @returns how well they fit, with the reason in words
 */
export function scoreMatch(query: MatchFacts, candidate: MatchFacts): MatchScore {
  const [name, phone, id] = [
    nameFact(query, candidate),
    phoneFact(query, candidate),
    idFact(query, candidate),
  ]
  // A village or a birth year alone is shared by hundreds.
  if (Math.max(name.points, phone.points, id.points) <= 0) return { score: 0, reason: '' }
  const village: Fact =
    query.orgUnitId !== null && query.orgUnitId === candidate.orgUnitId
      ? { points: 15, says: '同村' }
      : NO_FACT
  const year: Fact =
    query.birthYear !== '' && query.birthYear === candidate.birthYear
      ? { points: 10, says: `同为 ${query.birthYear} 年生` }
      : NO_FACT
  const facts = [id, name, village, phone, year]
  return {
    score: Math.max(
      1,
      facts.reduce((sum, fact) => sum + fact.points, 0),
    ),
    reason: facts.flatMap((fact) => (fact.says === '' ? [] : fact.says)).join(' + '),
  }
}
