import type { Post } from '../../domain/posts'
import type { RouteRecordRaw } from 'vue-router'

/** An entry of the left-hand navigation. It is shown only while the current post is one of `posts`. */
export interface DeskEntry {
  /** Path of the desk's route, like `/reception`. */
  readonly path: string
  /** Two to five characters, as people call the desk. */
  readonly label: string
  readonly posts: readonly Post[]
  /** Position from top to bottom; the first entry of a post is where it lands after sign-in. */
  readonly order: number
  /** How many things wait there; asked at sign-in and after changes. 0 shows nothing. */
  readonly badge?: () => Promise<number>
}

/** What the `index.ts` of a feature exports. Components of routes are loaded when first shown. */
export interface Feature {
  readonly routes: readonly RouteRecordRaw[]
  readonly desks: readonly DeskEntry[]
}
