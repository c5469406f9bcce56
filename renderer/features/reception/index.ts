import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/reception', component: () => import('./ReceptionDesk.vue') }],
  desks: [{ path: '/reception', label: '来访接待', posts: ['clerk', 'director'], order: 10 }],
}
export const { routes, desks } = feature
