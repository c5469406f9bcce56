import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/search', component: () => import('./SearchPage.vue') }],
  desks: [],
}
export const { routes, desks } = feature
