/** The month's workbook as a file. */
import { basename } from 'node:path'
import { localDateOf } from '../../../domain/clock'
import { Marked, maskText } from '../../../domain/marks'
import { writeDurable } from '../../../db/durable'
import { buildLedger, LEDGER_COLUMNS, type LedgerRow } from '../../../db/queries/ledger'
import { monthCounts } from '../../../db/queries/month'
import { centreOf } from '../../../db/queries/names'
import { viewerOf } from '../../../db/visibility/viewer'
import { monthWorkbook, type LedgerLine } from '../reports/monthWorkbook'
import type { CoreState } from '../state'
import { note } from './note'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

/** A file leaves the house: every mark is masked, whatever the post sees on screen (PRACTICE.md section 2, rule 14). */
const masked = (row: LedgerRow): LedgerLine =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Marked ? maskText(value.mark, value.value) : value,
    ]),
  )

export function monthHandlers(state: CoreState): Pick<ProcessHandlers, 'month.export'> {
  return {
    'month.export': (input, caller) => {
      const session = sessionOf(caller)
      const { base } = state
      const today = localDateOf(state.options.clock.now())
      const counts = monthCounts(base.db, input.month, today)
      const ledger = buildLedger(base.db, viewerOf(base.db, session), input.month, today).map(masked)
      const path = state.tokens.pathOf(caller.client, input.out)
      writeDurable(path, monthWorkbook(centreOf(base.db).name, counts, ledger, LEDGER_COLUMNS))
      note(state, 'month.export', session, input.month)
      return { rows: ledger.length, fileName: basename(path) }
    },
  }
}
