/** What the processes that main or the command line start beside the core are given. */
export const CHILDREN = {
  /** Reads untrusted files; heap for the largest accepted spreadsheet, not enough to starve the terminal. */
  parser: { heapMB: 512, name: 'maotiao-parser' },
  /** Long reading; verifying holds what every derived row should be. */
  reader: { heapMB: 2048, name: 'maotiao-reader' },
} as const
export type ChildKind = keyof typeof CHILDREN

/** What a program needs to start. */
const HARMLESS = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'windir']

/** @returns the environment of a child: passwords and settings stay away from untrusted files, and from their reader */
export function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => HARMLESS.includes(entry[0]) && entry[1] !== undefined,
    ),
  )
}
