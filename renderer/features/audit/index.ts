import type { Feature } from '../../components/desk'

export const routes: Feature['routes'] = [{ path: '/audit', component: () => import('./AuditDesk.vue') }]
export const desks: Feature['desks'] = [{ path: '/audit', label: '操作日志', posts: ['auditor'], order: 790 }]
