/** Megabytes of JavaScript heap: enough for the largest accepted spreadsheet, not enough to starve the terminal. */
export const PARSER_HEAP_MB = 512

/** What a program needs to start. */
const HARMLESS = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'windir']

/** @returns the environment of the parser: passwords and settings stay away from untrusted files */
export function parserEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => HARMLESS.includes(entry[0]) && entry[1] !== undefined,
    ),
  )
}
