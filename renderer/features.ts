/** All desks, collected from the doors of the features; the only place that knows every feature. */
import type { Post } from '../domain/posts'
import type { DeskEntry, Feature } from './components/desk'

const features = Object.values(import.meta.glob<Feature>('./features/*/index.ts', { eager: true }))

export const ALL_ROUTES = features.flatMap((feature) => feature.routes)
const ALL_DESKS = features.flatMap((feature) => feature.desks)

/** @returns the desks of a post, in the order of the navigation. */
export function desksOf(post: Post): DeskEntry[] {
  return ALL_DESKS.filter((desk) => desk.posts.includes(post)).sort((a, b) => a.order - b.order)
}

/** @returns the desk that a path belongs to, or undefined for pages of everybody (search, password). */
export function deskOfPath(path: string): DeskEntry | undefined {
  return ALL_DESKS.filter((desk) => path === desk.path || path.startsWith(`${desk.path}/`)).sort(
    (a, b) => b.path.length - a.path.length,
  )[0]
}

/** @returns whether a path may be shown to a post: pages without a desk may, desks only to their posts. */
export function pathIsOpenTo(path: string, post: Post): boolean {
  const owner = deskOfPath(path)
  return (
    owner === undefined || ALL_DESKS.some((desk) => desk.path === owner.path && desk.posts.includes(post))
  )
}
