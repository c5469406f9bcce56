import type { Feature } from '../../components/desk'

export const routes: Feature['routes'] = [
  { path: '/staff', component: () => import('./StaffDesk.vue') },
  { path: '/grants', component: () => import('./GrantDesk.vue') },
]
export const desks: Feature['desks'] = [
  { path: '/staff', label: '人员岗位', posts: ['administrator'], order: 800 },
  {
    path: '/grants',
    label: '专库授权',
    posts: ['psych_worker', 'roster_officer', 'child_officer', 'administrator'],
    order: 810,
  },
]
