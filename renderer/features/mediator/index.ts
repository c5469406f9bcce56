import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/mediation/:id?', component: () => import('./MediatorDesk.vue') }],
  desks: [{ path: '/mediation', label: '我的调解', posts: ['mediator'], order: 10 }],
}
export const { routes, desks } = feature
