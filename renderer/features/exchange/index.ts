import { request } from '../../api/client'
import type { Feature } from '../../components/desk'

export const routes: Feature['routes'] = [
  { path: '/exchange', component: () => import('./ExchangeDesk.vue') },
  { path: '/exchange/admit', component: () => import('./AdmitTerminal.vue') },
]
export const desks: Feature['desks'] = [
  {
    path: '/exchange',
    label: '收发',
    posts: ['administrator', 'director'],
    order: 820,
    badge: async () => (await request('exchange.status', {})).quarantined,
  },
]
