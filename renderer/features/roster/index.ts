import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/roster', component: () => import('./RosterDesk.vue') }],
  desks: [{ path: '/roster', label: '特殊人群', posts: ['roster_officer'], order: 10 }],
}
export const { routes, desks } = feature
