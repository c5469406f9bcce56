import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder } from './files.mjs'
import { cacheDir, readJson, root, say, sha256, withLock } from './runtime/paths.mjs'

const out = join(root, 'out')

/**
 * Node-side entries by their place under out/. They are built together, so that code used by several of them is one
 * chunk; npm packages stay outside and are resolved from node_modules, also in the packaged application.
 */
const NODE_ENTRIES = {
  'main/index': 'electron/main/index.ts',
  'core/index': 'electron/core/index.ts',
  'core/reader': 'electron/core/reader.ts',
  'parser/index': 'electron/parser/index.ts',
  'cli/index': 'electron/cli/index.ts',
}

/** A sandboxed preload can only be one CommonJS file. */
const PRELOAD = 'electron/preload/index.ts'
const WINDOW = 'renderer/index.html'
/** The desk, and the page that lays out papers. */
const WINDOW_PAGES = [WINDOW, 'renderer/print.html']

/** The oldest runtime that has to run the result: the registry-carried Electron 33 and Node 20. */
const NODE_TARGET = 'node20'
const CHROME_TARGET = 'chrome130'

/** @param {string} path */
const inProject = (path) => existsSync(join(root, path))

/**
 * Bare names are packages or Node's own modules; everything of ours is imported by a relative path.
 * @param {string} id
 * @param {string | undefined} importer
 */
const external = (id, importer) =>
  importer !== undefined && !id.startsWith('.') && !id.startsWith('\0') && !isAbsolute(id)

/**
 * The content of everything a part is made of. Times are no use: a checkout sets them all to now.
 * @param {string[]} sources
 */
function fingerprint(sources) {
  const paths = sources.flatMap((source) => {
    const path = join(root, source)
    if (!existsSync(path)) return []
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })
  return sha256(paths.map((path) => `${relative(root, path)}\0${sha256(readFileSync(path))}`).join('\n'))
}

/**
 * Replaces what a part left in out/ before by what it left now. Built beside and copied over, so that a failed build
 * leaves the last good one.
 * @param {string} stage
 * @param {string} part
 */
function publish(stage, part) {
  const made = filesUnder(stage).map((path) => relative(stage, path))
  const listFile = join(out, `.${part}.json`)
  const before = existsSync(listFile) ? readJson(listFile).files : []
  mkdirSync(out, { recursive: true })
  cpSync(stage, out, { recursive: true })
  for (const old of before) if (!made.includes(old)) rmSync(join(out, old), { force: true })
  rmSync(stage, { recursive: true, force: true })
  return made
}

/** @param {string} stage */
async function buildNode(stage) {
  const { build } = await import('vite')
  const input = Object.fromEntries(Object.entries(NODE_ENTRIES).filter(([, file]) => inProject(file)))
  if (Object.keys(input).length === 0) return
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      target: NODE_TARGET,
      outDir: stage,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input,
        external,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  })
}

/** @param {string} stage */
async function buildPreload(stage) {
  if (!inProject(PRELOAD)) return
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      target: NODE_TARGET,
      outDir: stage,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { 'preload/index': PRELOAD },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
    ssr: { noExternal: true },
  })
}

/** @param {string} stage */
async function buildWindow(stage) {
  if (!inProject(WINDOW)) return
  const { build } = await import('vite')
  const { default: vue } = await import('@vitejs/plugin-vue')
  await build({
    root: join(root, 'renderer'),
    base: './',
    configFile: false,
    logLevel: 'warn',
    plugins: [vue()],
    build: {
      target: CHROME_TARGET,
      outDir: join(stage, 'renderer'),
      emptyOutDir: true,
      // The policy of the window allows no inline script, and one runtime needs no polyfill.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4096,
      rolldownOptions: { input: WINDOW_PAGES.filter(inProject).map((page) => join(root, page)) },
    },
  })
}

const ALWAYS = ['build/build.mjs', 'package-lock.json', 'tsconfig.base.json']

/** @type {Record<'node' | 'preload' | 'window', { sources: string[], make: (stage: string) => Promise<void> }>} */
const PARTS = {
  node: { sources: [...ALWAYS, 'domain', 'db', 'electron'], make: buildNode },
  preload: { sources: [...ALWAYS, 'domain', 'electron/preload'], make: buildPreload },
  window: { sources: [...ALWAYS, 'domain', 'renderer'], make: buildWindow },
}

/**
 * Builds the parts whose sources changed since they were last built. Entries that do not exist are left out.
 * @param {{ only?: (keyof typeof PARTS)[], quiet?: boolean }} [options]
 * @returns {Promise<string[]>} the parts that were built
 */
export async function buildApp({ only, quiet = false } = {}) {
  const names = only ?? /** @type {(keyof typeof PARTS)[]} */ (Object.keys(PARTS))
  /** @param {keyof typeof PARTS} name */
  const isStale = (name) => {
    const file = join(out, `.${name}.json`)
    if (!existsSync(file)) return true
    const { hash, files } = readJson(file)
    return (
      hash !== fingerprint(PARTS[name].sources) ||
      files.some((/** @type {string} */ f) => !existsSync(join(out, f)))
    )
  }
  if (!names.some(isStale)) return []
  return withLock('build', async () => {
    const built = []
    for (const name of names.filter(isStale)) {
      const { sources, make } = PARTS[name]
      const started = Date.now()
      // Taken before building: a file saved while the build runs makes the result stale, as it should.
      const hash = fingerprint(sources)
      const stage = join(cacheDir, 'stage', name)
      rmSync(stage, { recursive: true, force: true })
      mkdirSync(stage, { recursive: true })
      await make(stage)
      const files = publish(stage, name)
      writeFileSync(join(out, `.${name}.json`), JSON.stringify({ hash, files }))
      if (!quiet) say(`已构建 ${name} / built ${name}, ${Date.now() - started} ms`)
      built.push(name)
    }
    return built
  })
}

/**
 * Bundles one TypeScript script for plain Node (a benchmark, a helper process of a test) and returns the file to run.
 * The same content gives the same file, so it is bundled once.
 * @param {string} entry path from the project folder
 * @returns {Promise<string>}
 */
export async function bundleScript(entry) {
  const key = fingerprint([...ALWAYS, 'domain', 'db', 'electron', 'tests']).slice(0, 16)
  const name = entry.replace(/\.ts$/, '').replace(/[^a-z0-9]+/gi, '-')
  const file = join(cacheDir, 'scripts', `${name}-${key}`, 'index.mjs')
  if (existsSync(file)) return file
  return withLock(`script-${name}`, async () => {
    if (existsSync(file)) return file
    const { build } = await import('vite')
    for (const old of existsSync(join(cacheDir, 'scripts')) ? readdirSync(join(cacheDir, 'scripts')) : []) {
      if (old.startsWith(`${name}-`)) rmSync(join(cacheDir, 'scripts', old), { recursive: true, force: true })
    }
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        ssr: true,
        target: NODE_TARGET,
        outDir: join(cacheDir, 'scripts', `${name}-${key}`),
        emptyOutDir: true,
        minify: false,
        sourcemap: 'inline',
        rolldownOptions: {
          input: { index: entry },
          external,
          output: { format: 'es', entryFileNames: 'index.mjs', codeSplitting: false },
        },
      },
    })
    return file
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await buildApp()
  if (built.length === 0) say('没有改动 / nothing changed')
}
