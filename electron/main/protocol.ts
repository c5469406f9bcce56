import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { protocol, type Session } from 'electron'

export const ORIGIN = 'app://maotiao'

/** Tighten, never loosen: nothing is fetched from anywhere but this folder, no inline script, no inline style. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

/** Before `ready`. `codeCache`: the window's compiled script may be kept by the profile; it holds code only. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/**
 * Serves the window's files. The map is made once from what was built: an address is looked up, never joined to a path.
 * @param session of the windows
 * @param folder built window files
 */
export function serveWindowFiles(session: Session, folder: string): void {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, path).split(sep).join('/')}`, path)
  }
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    const path = request.method === 'GET' && url.host === 'maotiao' ? files.get(url.pathname) : undefined
    const type = path === undefined ? undefined : TYPES[extname(path)]
    if (path === undefined || type === undefined) return new Response(null, { status: 404, headers: HEADERS })
    return new Response(await readFile(path), { headers: { ...HEADERS, 'content-type': type } })
  })
}

const HEADERS = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const
