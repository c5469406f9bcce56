import { request } from '../../api/client'
import type { Feature } from '../../components/desk'
import { PERMISSIONS } from '../../../domain/posts'

export const routes: Feature['routes'] = [
  { path: '/differences', component: () => import('./DifferencesDesk.vue') },
]
export const desks: Feature['desks'] = [
  {
    path: '/differences',
    label: '数据不一致',
    posts: PERMISSIONS['difference.read'],
    order: 830,
    badge: async () => (await request('difference.list', { limit: 1 })).total,
  },
]
