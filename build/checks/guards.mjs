import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from '../runtime/paths.mjs'
import { sources } from './sources.mjs'

const CODE = /\.(ts|vue|mjs|cjs|js)$/
const PRODUCT = /^(domain|db|electron|renderer)\/.*\.(ts|vue)$/

/**
 * Things that pass every other check and are still wrong here, each with what to do instead.
 * @type {{ pattern: RegExp, files: RegExp, except?: RegExp, why: string }[]}
 */
const GUARDS = [
  {
    pattern: /\bconsole\./,
    files: PRODUCT,
    except: /^electron\/cli\//,
    why: 'write to the log, which is redacted',
  },
  {
    pattern: /\b(it|test|describe|suite)(\.\w+)*\.(only|skip|todo|fails)\b/,
    files: CODE,
    why: 'every test runs',
  },
  { pattern: /\bsendSync\b/, files: CODE, why: 'the window never waits for a process' },
  { pattern: /@electron\/remote/, files: CODE, why: 'no way around the contract' },
  {
    pattern: /\b(db|database|handle|connection)\.serialize\(/,
    files: PRODUCT,
    why: 'leaves the database in the clear',
  },
  {
    pattern: /\b(db|database|handle|connection)\.backup\(/,
    files: PRODUCT,
    why: 'refuses encrypted files: VACUUM INTO',
  },
  { pattern: /\bas any\b|: any\b|<any>|\bany\[\]/, files: /\.(ts|vue)$/, why: 'say what it is, or unknown' },
  {
    pattern: /@ts-ignore|@ts-nocheck|eslint-disable(?!-next-line )/,
    files: CODE,
    why: 'mend it, or silence one line with a reason',
  },
  { pattern: /\bopenExternal\b/, files: PRODUCT, why: 'nothing leaves the application' },
  {
    pattern: /https?:\/\/(registry|deb|npm|mirrors?)\.[a-z0-9.-]+/i,
    files: /^(?!LICENSE)/,
    why: 'no host of a registry in the project',
  },
  { pattern: /"resolved":/, files: /^package-lock\.json$/, why: 'the lock file holds no addresses' },
]

/** Comments may name what the code may not do. */
const COMMENT = /^\s*(\/\/|\*|\/\*)/

let found = 0
for (const file of sources(
  /^(?!LICENSE).*\.(ts|vue|mjs|cjs|js|json|yml|yaml|md|html|css|sh)$|^\.npmrc$|^\.ci\/run$/,
)) {
  const path = relative(root, file).replaceAll('\\', '/')
  if (path === 'build/checks/guards.mjs') continue
  const guards = GUARDS.filter(({ files, except }) => files.test(path) && !except?.test(path))
  if (guards.length === 0) continue
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      if (CODE.test(path) && COMMENT.test(line) && !/@ts-|eslint-disable/.test(line)) return
      for (const { pattern, why } of guards) {
        if (!pattern.test(line)) continue
        found += 1
        process.stdout.write(`${path}:${index + 1}  ${line.trim().slice(0, 100)}\n    ${why}\n`)
      }
    })
}
process.exitCode = found > 0 ? 1 : 0
