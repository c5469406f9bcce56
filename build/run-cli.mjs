import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildApp } from './build.mjs'
import { ensureAddon } from './runtime/ensure.mjs'
import { root } from './runtime/paths.mjs'

/**
 * `npm run -s maotiao -- COMMAND`: the command line tool of the built core, in this very process, so that its exit
 * code, its prompts and a Ctrl-C are its own. Nothing here writes to stdout.
 */
await ensureAddon()
await buildApp({ only: ['node'], quiet: true })
const file = join(root, 'out', 'cli', 'index.js')
process.argv[1] = file
process.setSourceMapsEnabled(true)
await import(pathToFileURL(file).href)
