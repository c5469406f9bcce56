/** All queries by route. A route without a handler does not compile. */
import { confidentialReads } from './confidential'
import { matterReads } from './matter'
import { peopleReads } from './people'
import { receptionReads } from './reception'
import { staffReads } from './staff'
import type { ReadHandlers, ReadRoute } from './types'

export const readHandlers = {
  ...peopleReads,
  ...receptionReads,
  ...matterReads,
  ...confidentialReads,
  ...staffReads,
} satisfies ReadHandlers<ReadRoute>
