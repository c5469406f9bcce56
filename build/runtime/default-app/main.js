'use strict'
/**
 * What Electron's own default app does for `electron [flags] PATH`, for a runtime that came without one.
 * Stays CommonJS: it must have loaded the `-r` modules before anything of the application runs.
 */
const { readFileSync } = require('node:fs')
const { resolve, join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { app } = require('electron')

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

if (!folder) {
  process.stderr.write('usage: electron [flags] PATH\n')
  app.exit(2)
} else {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  app.setAppPath(folder)
  app.setName(manifest.productName || manifest.name)
  app.setVersion(manifest.version || '0.0.0')
  process.defaultApp = true
  import(pathToFileURL(join(folder, manifest.main)).href).catch((error) => {
    process.stderr.write(`${error && error.stack ? error.stack : error}\n`)
    app.exit(1)
  })
}
