import { looksLikeToken } from './tokens.js'

/** What a request shows to say who it is. */
export interface Credentials {
  readonly apiKey?: string
  /** The key came where tokens come, too: it may be a token that was cut, or anything else. */
  readonly mayBeToken?: true
  /** A job's token. */
  readonly token?: string
  /** From `?ticket=`. */
  readonly ticket?: string
}

/**
 * Reads `X-API-Key`, `Authorization: Bearer` (a key or a job's token) and `?ticket=`. A key in its own header and a job's token may
 * come together.
 */
export function credentialsOf(header: (name: string) => string | undefined, ticket: string | undefined): Credentials {
  const bearer = bearerOf(header('authorization'))
  const isToken = bearer !== undefined && looksLikeToken(bearer)
  const apiKey = nonEmpty(header('x-api-key'))
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiKey === undefined && bearer !== undefined && !isToken ? { apiKey: bearer, mayBeToken: true } : {}),
    ...(isToken ? { token: bearer } : {}),
    ...(ticket === undefined ? {} : { ticket }),
  }
}

/** A text that may be any of them: a WebSocket's subprotocol, for example. */
export function credentialsOfText(text: string | undefined): Credentials {
  if (text === undefined || text === '') return {}
  return looksLikeToken(text) ? { token: text, ticket: text } : { apiKey: text, mayBeToken: true }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return nonEmpty(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1])
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
