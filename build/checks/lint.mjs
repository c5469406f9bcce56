import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ESLint } from 'eslint'
import { parse } from 'vue/compiler-sfc'
import { filesUnder } from '../files.mjs'
import { cacheDir, readJson, root } from '../runtime/paths.mjs'

/**
 * The scripts of the components as plain TypeScript files beside the tree they belong to; `rootDirs` lets their
 * relative imports find it. So the linter knows the types of a component's script in one program like everybody's.
 */
function takeOutScripts() {
  const target = join(cacheDir, 'lint')
  rmSync(target, { recursive: true, force: true })
  for (const file of filesUnder(join(root, 'renderer')).filter((path) => path.endsWith('.vue'))) {
    const { descriptor } = parse(readFileSync(file, 'utf8'), { filename: file })
    const script = descriptor.scriptSetup ?? descriptor.script
    if (!script) continue
    const copy = join(target, `${relative(root, file)}.ts`)
    mkdirSync(dirname(copy), { recursive: true })
    // The same line numbers as in the component.
    writeFileSync(copy, '\n'.repeat(script.loc.start.line - 1) + script.content.replace(/^\n/, '\n'))
  }
  if (!existsSync(target)) return []
  const { include } = readJson(join(root, 'build/checks/tsconfig.lint.json'))
  const config = {
    extends: '../../build/checks/tsconfig.lint.json',
    compilerOptions: { rootDirs: ['../..', '.'] },
    include: ['renderer/**/*.ts', ...include],
  }
  writeFileSync(join(target, 'tsconfig.json'), JSON.stringify(config))
  return ['.cache/lint']
}

const eslint = new ESLint({ cwd: root, fix: process.argv.includes('--fix') })
const results = await eslint.lintFiles(['.', ...takeOutScripts()])
if (process.argv.includes('--fix')) await ESLint.outputFixes(results)
for (const result of results) result.filePath = result.filePath.replace(/\.cache\/lint\/(.*)\.ts$/, '$1')
const formatter = await eslint.loadFormatter('stylish')
const text = await formatter.format(results)
if (text) process.stdout.write(text)
process.exitCode = results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0) ? 1 : 0
