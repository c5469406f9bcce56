import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/psych', component: () => import('./PsychDesk.vue') }],
  desks: [{ path: '/psych', label: '心理服务', posts: ['psych_worker'], order: 10 }],
}
export const { routes, desks } = feature
