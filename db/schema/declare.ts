/**
 * One declaration tells what every table is (DESIGN.md section 3): capture triggers, import checks, the logical dump,
 * difference lists and tests against the real schema are all made from it.
 */
import type { Mark } from '../../domain/marks'
import type { Post } from '../../domain/posts'

export type TableKind = 'record' | 'event'
/**
 * `bool` is stored as 0/1, `json` as text, `date` as YYYY-MM-DD, `instant` and `fen` as integers, `ref` as a row id
 * (readers tolerate one that has not arrived).
 */
export type FieldType = 'text' | 'date' | 'instant' | 'int' | 'fen' | 'bool' | 'ref' | 'json'
/** What is shown while two values stand: the latest in order, or the value that harms nobody. */
export type ShownRule = 'latest' | 'stricter' | 'higher' | 'earlier' | 'true_wins'

export interface FieldDecl {
  readonly type: FieldType
  /** Chinese name, as the list of differences shows it. */
  readonly label: string
  readonly nullable?: true
  /** Longest text in characters; 200 unless said. */
  readonly max?: number
  /** Fields that mean one thing are merged as one. */
  readonly group?: string
  readonly mark?: Mark
  readonly shown?: ShownRule
  /** For `stricter` and `higher`: the values from weakest to strongest. */
  readonly scale?: readonly string[]
  readonly references?: string
  /** Keys never appear in the logical dump. */
  readonly notDumped?: true
}

export interface TableDecl {
  readonly kind: TableKind
  /** Chinese name. */
  readonly label: string
  readonly fields: Readonly<Record<string, FieldDecl>>
  /** Root aggregate this row belongs to: field of this table and the table it points to. */
  readonly root?: { readonly field: string; readonly table: string }
  /** Changes carry power: they need the actor's account signature. */
  readonly signed?: true
  /** Keys and receiver-side data never appear in the logical dump. */
  readonly notDumped?: true
  /** In the dump this field is printed as the SHA-256 of its text. */
  readonly dumpedAsHash?: string
  /** Posts whose changes are accepted on import; empty: every post. `setup` acts come with the founding. */
  readonly posts?: readonly Post[]
  /** Posts that decide a difference; empty: whoever may change it. */
  readonly deciders?: readonly Post[]
}

export type Schema = Readonly<Record<string, TableDecl>>

type Value<F extends FieldDecl> = F['type'] extends 'text' | 'date' | 'ref'
  ? string
  : F['type'] extends 'json'
    ? unknown
    : F['type'] extends 'bool'
      ? boolean
      : number
/** The values of a row as services give them: booleans as booleans, json as plain data. */
export type RowInput<T extends TableDecl> = {
  [K in keyof T['fields']]: T['fields'][K] extends { nullable: true }
    ? Value<T['fields'][K]> | null
    : Value<T['fields'][K]>
}

export const text = (
  label: string,
  max = 200,
): { readonly type: 'text'; readonly label: string; readonly max: number } => ({ type: 'text', label, max })
export const date = (label: string): { readonly type: 'date'; readonly label: string } => ({
  type: 'date',
  label,
})
export const instant = (label: string): { readonly type: 'instant'; readonly label: string } => ({
  type: 'instant',
  label,
})
export const int = (label: string): { readonly type: 'int'; readonly label: string } => ({
  type: 'int',
  label,
})
export const bool = (label: string): { readonly type: 'bool'; readonly label: string } => ({
  type: 'bool',
  label,
})
export const json = (
  label: string,
  max = 20_000,
): { readonly type: 'json'; readonly label: string; readonly max: number } => ({ type: 'json', label, max })
export const ref = (
  label: string,
  references: string,
): { readonly type: 'ref'; readonly label: string; readonly references: string } => ({
  type: 'ref',
  label,
  references,
})
/** Reference or nothing. */
export const maybe = <F extends FieldDecl>(field: F): F & { readonly nullable: true } => ({
  ...field,
  nullable: true,
})

/** Group of a field for merging: its declared group, else the field by itself. */
export function groupOf(table: TableDecl, field: string): string {
  return table.fields[field]?.group ?? field
}

/** Groups of a table with their fields in declared order. */
export function groupsOf(table: TableDecl): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, field] of Object.entries(table.fields)) {
    const group = field.group ?? name
    groups.set(group, [...(groups.get(group) ?? []), name])
  }
  return groups
}
