/**
 * Merge of a field group: a pure function of its heads (DESIGN.md section 4, rule 4). Neither a clock nor the order of
 * arrival takes part.
 */
import { halfWidth, sameApartFromFormatting } from '../../domain/rules/text'
import type { FieldDecl, TableDecl } from '../schema/declare'

export type FieldValue = string | number | null
export type Values = Readonly<Record<string, FieldValue>>

/** A write that no other write names as parent. `values`: of the group's fields; null after an erasure. */
export interface Head {
  readonly replica: string
  readonly seq: number
  readonly lamport: number
  readonly values: Values | null
}

export interface Settled {
  /** Whose values the row shows. */
  readonly shown: Head
  /** Heads that an ordinary edit replaces: equal to the shown one, or settled with it by rule. */
  readonly settled: ReadonlySet<Head>
  /** One head per value that people have to decide between, in order; empty when the rules settled it. */
  readonly open: readonly Head[]
}

/** Order is (lamport, replica); one replica's writes are told apart by lamport already. */
export function compareOrder(
  a: { readonly lamport: number; readonly replica: string },
  b: { readonly lamport: number; readonly replica: string },
): number {
  if (a.lamport !== b.lamport) return a.lamport - b.lamport
  return a.replica < b.replica ? -1 : a.replica > b.replica ? 1 : 0
}

const isBlank = (value: FieldValue | undefined): boolean =>
  value === null || value === '' || value === undefined

/** Blanks and width do not count; signs do (12-3号 is not 123号), nor may two numbers run together. */
const plainForm = (text: string): string =>
  halfWidth(text.normalize('NFKC'))
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/(?<![0-9a-z]) | (?![0-9a-z])/gi, '')

function sameValue(
  field: FieldDecl | undefined,
  a: FieldValue | undefined,
  b: FieldValue | undefined,
): boolean {
  if (a === b) return true
  if (field === undefined || typeof a !== 'string' || typeof b !== 'string') return false
  if (field.mark === 'phone' || field.mark === 'idNumber') return sameApartFromFormatting(field.mark, a, b)
  return field.type === 'text' && plainForm(a) === plainForm(b)
}

/** Whether nothing of `a` is missing in `b`: equal apart from formatting, or blank where `b` has a value. */
export function coveredBy(decl: TableDecl, fields: readonly string[], a: Head, b: Head): boolean {
  if (a.values === null) return true
  if (b.values === null) return false
  const [left, right] = [a.values, b.values]
  return fields.every((name) => isBlank(left[name]) || sameValue(decl.fields[name], left[name], right[name]))
}

/** Rank of a value under the rule of its field: the highest is shown while a difference is open. */
function rankOf(field: FieldDecl, value: FieldValue): number | string {
  switch (field.shown) {
    case 'stricter':
    case 'higher':
      return field.scale?.indexOf(String(value)) ?? -1
    case 'true_wins':
      return value === 1 ? 1 : 0
    case 'earlier':
      // Dates compare as text; inverted digits put the earliest on top and a blank at the bottom.
      return isBlank(value) ? '' : String(value).replace(/\d/g, (digit) => String(9 - Number(digit)))
    default:
      return 0
  }
}

function pick(decl: TableDecl, fields: readonly string[], candidates: readonly Head[]): Head | undefined {
  const ruled = fields.find((name) => decl.fields[name]?.shown !== undefined)
  const field = ruled === undefined ? undefined : decl.fields[ruled]
  const rank = (head: Head): number | string =>
    field === undefined || ruled === undefined ? 0 : rankOf(field, head.values?.[ruled] ?? null)
  return [...candidates]
    .sort((a, b) => {
      const [left, right] = [rank(a), rank(b)]
      return left < right ? -1 : left > right ? 1 : compareOrder(a, b)
    })
    .at(-1)
}

/**
 * @param decl declaration of the table
 * @param fields fields of the group
 * @param heads all heads of the group, at least one
 * @returns what is shown, which heads an ordinary edit replaces, and which values stay for people to decide
 */
export function settleHeads(decl: TableDecl, fields: readonly string[], heads: readonly Head[]): Settled {
  const candidates = heads.filter(
    (head) =>
      !heads.some((other) => coveredBy(decl, fields, head, other) && !coveredBy(decl, fields, other, head)),
  )
  const chosen = pick(decl, fields, candidates)
  if (chosen === undefined) throw new Error('a group without heads')
  const kinds: Head[] = []
  for (const head of [...candidates].sort(compareOrder).reverse()) {
    if (!kinds.some((kind) => coveredBy(decl, fields, head, kind))) kinds.unshift(head)
  }
  const shown = kinds.find((kind) => coveredBy(decl, fields, chosen, kind)) ?? chosen
  return {
    shown,
    settled: new Set(heads.filter((head) => coveredBy(decl, fields, head, shown))),
    open: kinds.length > 1 ? kinds : [],
  }
}
