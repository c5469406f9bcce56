import type { Feature } from '../../components/desk'

export { default as LockScreen } from './LockScreen.vue'
export { default as SignIn } from './SignIn.vue'

export const routes: Feature['routes'] = [
  { path: '/password', component: () => import('./ChangePassword.vue') },
]
export const desks: Feature['desks'] = []
