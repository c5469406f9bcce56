import { spawnSync } from 'node:child_process'
import { say } from './runtime/paths.mjs'

/**
 * What the tests need of the system, by what needs it. Where two names stand, a newer Debian renamed the package.
 * @type {Record<'window' | 'tools', string[][]>}
 */
export const PACKAGES = {
  window: [
    ['xvfb'],
    ['xauth'],
    ['libgtk-3-0', 'libgtk-3-0t64'],
    ['libnss3'],
    ['libgbm1'],
    ['libasound2', 'libasound2t64'],
    ['fonts-noto-cjk'],
  ],
  // Packages opened by Debian's age, workbooks by LibreOffice, printed papers by pdftotext.
  tools: [['age'], ['libreoffice-calc'], ['poppler-utils']],
}

/** @param {string} name */
function isInstalled(name) {
  const answer = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' })
  return answer.status === 0 && answer.stdout.includes('install ok installed')
}

/**
 * Looks for packages and says by which line the missing ones are installed; as root on a build machine runs that line.
 * @param {string[][]} packages
 * @returns {boolean} whether everything is there now
 */
export function ensurePackages(packages) {
  if (process.platform !== 'linux' || spawnSync('dpkg-query', ['--version']).status !== 0) return true
  const missing = () => packages.filter((names) => !names.some(isInstalled)).map(([name]) => name ?? '')
  const names = missing()
  if (names.length === 0) return true
  const install = `apt-get install -y --no-install-recommends ${names.join(' ')}`
  if (process.env['CI'] !== 'true' || process.getuid?.() !== 0) {
    say(
      `缺少系统软件包，请运行： / Debian packages are missing, run:\n  sudo apt-get update && sudo ${install}`,
    )
    return false
  }
  say(`apt-get update && ${install}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of ['apt-get update', install]) {
    const result = spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'], env })
    if (result.status !== 0) return false
  }
  return missing().length === 0
}
