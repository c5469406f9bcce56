import type { Feature } from '../../components/desk'

export const routes: Feature['routes'] = [{ path: '/backup', component: () => import('./BackupDesk.vue') }]
export const desks: Feature['desks'] = [
  { path: '/backup', label: '备份校验', posts: ['administrator', 'director', 'auditor'], order: 840 },
]
