import type { RouteRecordRaw } from 'vue-router'
import type { Post } from '../../domain/posts'

/** An entry of the left-hand navigation. It is shown only while the current post is one of `posts`. */
export interface DeskEntry {
  /** Path of the desk's route, like `/reception`. */
  readonly path: string
  /** Two to five characters, as people call the desk. */
  readonly label: string
  readonly posts: readonly Post[]
  /** Position from top to bottom (daily work 0–99, administration from 800); the first one is where a post lands. */
  readonly order: number
  /** How many things wait there; asked at sign-in and after changes. 0 shows nothing. */
  readonly badge?: () => Promise<number>
}

/**
 * What `features/<name>/index.ts` exports, as two named exports. Components of routes are imported lazily, so that the
 * sign-in does not wait for desks. A path below a desk's path (`/matter/:id` below `/matter`) belongs to that desk.
 */
export interface Feature {
  readonly routes: readonly RouteRecordRaw[]
  readonly desks: readonly DeskEntry[]
}
