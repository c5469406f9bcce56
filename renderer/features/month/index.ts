import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/month', component: () => import('./MonthDesk.vue') }],
  desks: [
    { path: '/month', label: '月度统计', posts: ['director', 'leader', 'reviewer', 'clerk'], order: 50 },
  ],
}
export const { routes, desks } = feature
