import type { Feature } from '../../components/desk'

/** The wizard is shown by the application itself before anybody can sign in; it has no address. */
export const routes: Feature['routes'] = []
export const desks: Feature['desks'] = []
