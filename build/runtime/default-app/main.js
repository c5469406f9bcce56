/**
 * What Electron's own default app does for `electron [flags] PATH`, for a runtime that came without one.
 * An ES module like Electron's own: `ready` waits for the whole of a module, so the application's top level may still
 * do what is only allowed before `ready`.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const require = createRequire(import.meta.url)
const modules = []
let folder
for (let i = 1; i < process.argv.length; i++) {
  const argument = process.argv[i]
  if (argument === '-r' || argument === '--require') modules.push(process.argv[++i])
  else if (!argument.startsWith('-')) {
    folder = resolve(argument)
    break
  }
}
for (const module of modules) require(module)

if (folder) {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    app.setAppPath(folder)
    app.setName(manifest.productName || manifest.name)
    app.setVersion(manifest.version || '0.0.0')
    process.defaultApp = true
    await import(pathToFileURL(join(folder, manifest.main)).href)
  } catch (error) {
    process.stderr.write(`${error?.stack ?? error}\n`)
    app.exit(1)
  }
} else {
  process.stderr.write('usage: electron [flags] PATH\n')
  app.exit(2)
}
