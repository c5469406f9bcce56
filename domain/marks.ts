/**
 * Sensitive values are marked by type where they leave the database; the router turns marks into text, masked or
 * clear by mark and session. A handler cannot mask, and cannot forget to: a bare string does not fit a marked field.
 */
import type { Post } from './posts'

export const MARKS = ['idNumber', 'phone', 'address', 'secretAddress', 'minorName'] as const
export type Mark = (typeof MARKS)[number]

/** A marked value inside the core. On the wire it is a string (`Wire<T>`). */
export class Marked<M extends Mark = Mark> {
  readonly mark: M
  readonly value: string
  constructor(mark: M, value: string) {
    this.mark = mark
    this.value = value
  }
}

export type Wire<T> = T extends Marked
  ? string
  : T extends readonly (infer E)[]
    ? Wire<E>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

/** Posts that see a mark in clear; everybody else sees the masked form. */
const CLEAR: Readonly<Record<Mark, readonly Post[]>> = {
  idNumber: [],
  phone: ['clerk', 'mediator', 'director', 'psych_worker', 'roster_officer', 'child_officer'],
  address: ['clerk', 'mediator', 'director', 'psych_worker', 'roster_officer', 'child_officer'],
  secretAddress: [],
  minorName: ['clerk', 'mediator', 'director', 'psych_worker', 'child_officer'],
}

/** @returns the masked form: enough to recognise, not enough to use. */
export function maskText(mark: Mark, value: string): string {
  if (value === '') return ''
  const points = [...value]
  switch (mark) {
    case 'idNumber':
      return points.length <= 8
        ? '*'.repeat(points.length)
        : `${points.slice(0, 3).join('')}${'*'.repeat(points.length - 7)}${points.slice(-4).join('')}`
    case 'phone':
      return points.length <= 4
        ? '*'.repeat(points.length)
        : `${'*'.repeat(points.length - 4)}${points.slice(-4).join('')}`
    case 'address':
      return '（已隐藏）'
    case 'secretAddress':
      return '地址保密，由中心转交'
    case 'minorName':
      return `${points[0] ?? ''}某（未成年人）`
  }
}

/**
 * @param value anything a handler returned
 * @param post the session's current post
 * @param reveal marks that this one call may show in clear (the audited reveal route)
 * @returns the same shape with every mark turned into text
 */
export function toWire<T>(value: T, post: Post | undefined, reveal: readonly Mark[] = []): Wire<T> {
  const walk = (item: unknown): unknown => {
    if (item instanceof Marked) {
      const { mark, value: text } = item as Marked
      const clear = reveal.includes(mark) || (post !== undefined && CLEAR[mark].includes(post))
      return clear ? text : maskText(mark, text)
    }
    if (Array.isArray(item)) return item.map(walk)
    if (item !== null && typeof item === 'object') {
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner)]))
    }
    return item
  }
  return walk(value) as Wire<T>
}
