import { request } from '../../api/client'
import type { Feature } from '../../components/desk'
import { TO_ASSIGN } from './waiting'

/** How many matters wait for a mediator. */
async function unassigned(): Promise<number> {
  const page = await request('matter.list', { states: [...TO_ASSIGN], limit: 1 })
  return page.total
}

const feature: Feature = {
  routes: [{ path: '/director', component: () => import('./DirectorDesk.vue') }],
  desks: [{ path: '/director', label: '分派督办', posts: ['director'], order: 5, badge: unassigned }],
}
export const { routes, desks } = feature
