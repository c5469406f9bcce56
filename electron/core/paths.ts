/** Opaque tokens for paths a person chose in a dialog or named on the command line: no path enters through a route. */
import { AppError } from '../../domain/errors'

export interface PathTokens {
  grant(client: string, path: string): string
  /** @throws AppError BAD_INPUT for a token that this client was not given */
  pathOf(client: string, token: string): string
  forget(client: string): void
}

export function createPathTokens(newToken: () => string): PathTokens {
  const byClient = new Map<string, Map<string, string>>()
  return {
    grant: (client, path) => {
      const token = newToken()
      const own = byClient.get(client) ?? new Map<string, string>()
      byClient.set(client, own.set(token, path))
      return token
    },
    pathOf: (client, token) => {
      const path = byClient.get(client)?.get(token)
      if (path === undefined) throw new AppError('BAD_INPUT', '请重新选择文件或文件夹。')
      return path
    },
    forget: (client) => void byClient.delete(client),
  }
}
