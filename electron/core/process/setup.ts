/** What the window asks before anybody is signed in: is there a centre here, and make one. */
import { localDateOf } from '../../../domain/clock'
import type { SetupStatus } from '../../../domain/contract/setup'
import { recoverySheetText } from '../../../domain/documents/recoverySheet'
import { AppError, type ErrorBody } from '../../../domain/errors'
import { assertOurFile } from '../../../db/fileGate'
import { foundCentre } from '../../../db/joining/found'
import { joiningStatus } from '../../../db/joining/request'
import { readKeysFile } from '../../../db/keys/file'
import { fileOf } from '../../../db/open'
import type { CoreState } from '../state'
import type { ProcessHandlers } from './types'

type Names = Pick<SetupStatus, 'state' | 'centreName' | 'terminalName' | 'terminalNumber' | 'checkWords'>
const NOBODY: Names = { state: 'empty', centreName: '', terminalName: '', terminalNumber: '', checkWords: '' }

function namesOf(state: CoreState): Names {
  if (!state.isSetUp) {
    const joining = joiningStatus(state.dataDir)
    return joining === null ? NOBODY : { ...NOBODY, state: 'joining', ...joining }
  }
  const keys = readKeysFile(state.dataDir)
  // Judged by its bytes alone, before anybody types a password.
  if (!state.hasBase) assertOurFile(fileOf(state.dataDir, 'base'), 'base', keys)
  const { centreName, terminalName, terminalNumber } = keys
  return { ...NOBODY, state: 'ready', centreName, terminalName, terminalNumber }
}

export function setupHandlers(state: CoreState): Pick<ProcessHandlers, 'setup.status' | 'setup.found'> {
  return {
    'setup.status': () => {
      const { demo, appVersion } = state.options
      const told = (names: Names, problem: ErrorBody | null): SetupStatus => ({
        ...names,
        demo,
        version: appVersion,
        problem,
      })
      try {
        state.own()
        return told(namesOf(state), null)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return told({ ...NOBODY, state: 'broken' }, error.toBody())
      }
    },
    'setup.found': (input) => {
      state.own()
      const { clock, random } = state.options
      const { recoverySecret } = foundCentre({ ...input, dataDir: state.dataDir, clock, random })
      return { recoverySheet: recoverySheetText(input.centreName, localDateOf(clock.now()), recoverySecret) }
    },
  }
}
