import type { Feature } from '../../components/desk'

const feature: Feature = {
  routes: [{ path: '/matters/:id?', component: () => import('./MatterDesk.vue') }],
  desks: [
    {
      path: '/matters',
      label: '事项',
      posts: ['clerk', 'director', 'mediator', 'leader', 'reviewer'],
      order: 30,
    },
  ],
}
export const { routes, desks } = feature
