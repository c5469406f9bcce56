import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import type { Post } from '../domain/posts'
import NoDesk from './shell/NoDesk.vue'
import { ALL_ROUTES, desksOf, pathIsOpenTo } from './features'

/** Where a post without a desk lands, and where nobody is while nobody is signed in. */
export const NO_DESK = '/nothing'

/**
 * Routes of the desks. Setup, sign-in and lock are not routes: what they cover must not be reachable by an address.
 * @param currentPost post of the session, or undefined while nobody is signed in
 */
export function makeRouter(currentPost: () => Post | undefined): Router {
  const home = (): string => {
    const post = currentPost()
    return (post === undefined ? undefined : desksOf(post)[0]?.path) ?? NO_DESK
  }
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', redirect: home },
      { path: NO_DESK, component: NoDesk },
      ...ALL_ROUTES,
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  })
  router.beforeEach((to) => {
    const post = currentPost()
    // Only a comfort: the core refuses what a post may not see, whatever the address says.
    return post === undefined || pathIsOpenTo(to.path, post) ? true : '/'
  })
  return router
}
