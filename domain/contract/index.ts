/** The one list of everything the window and the command line may ask. The window imports it by type only. */
import { confidentialRoutes } from './confidential'
import type { RouteInput, RouteKind, RouteOutput, RouteRawInput } from './define'
import { exchangeRoutes } from './exchange'
import { matterRoutes } from './matter'
import { monthRoutes } from './month'
import { peopleRoutes } from './people'
import { receptionRoutes } from './reception'
import { setupRoutes } from './setup'

export const ROUTES = {
  ...setupRoutes,
  ...peopleRoutes,
  ...receptionRoutes,
  ...matterRoutes,
  ...confidentialRoutes,
  ...monthRoutes,
  ...exchangeRoutes,
}
export type RouteName = keyof typeof ROUTES
export type Input<R extends RouteName> = RouteInput<(typeof ROUTES)[R]>
export type RawInput<R extends RouteName> = RouteRawInput<(typeof ROUTES)[R]>
export type Output<R extends RouteName> = RouteOutput<(typeof ROUTES)[R]>
/** Names of the routes of one kind, so that a missing handler does not compile. */
export type RoutesOfKind<K extends RouteKind> = {
  [R in RouteName]: (typeof ROUTES)[R]['kind'] extends K ? R : never
}[RouteName]
