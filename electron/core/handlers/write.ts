/** All use cases by route. A route without a handler does not compile. */
import { confidentialWrites } from './confidential'
import { matterWrites } from './matter'
import { peopleWrites } from './people'
import { receptionWrites } from './reception'
import { staffWrites } from './staff'
import type { WriteHandlers, WriteRoute } from './types'

export const writeHandlers = {
  ...peopleWrites,
  ...receptionWrites,
  ...matterWrites,
  ...confidentialWrites,
  ...staffWrites,
} satisfies WriteHandlers<WriteRoute>
