/** Query parameters whose values open something. */
const SECRET_PARAMETERS = /([?&](?:ticket|token|auth_?token|key|api_key|apikey|access_token|auth|secret|password)=)[^&#]*/gi

/** A URL as a log may hold it: secret values in the query are gone. */
export function redactUrl(url: string): string {
  return url.replace(SECRET_PARAMETERS, '$1[redacted]')
}

/** For pino's `redact`: header fields and members that carry secrets, wherever a caller may log them. */
export const REDACTED_PATHS: readonly string[] = [
  'authorization',
  'apiKey',
  'token',
  'ticket',
  'secret',
  'password',
  'cookie',
  '*.authorization',
  '*.apiKey',
  '*.token',
  '*.ticket',
  '*.secret',
  '*.password',
  '*.cookie',
  '*["x-api-key"]',
  '*["set-cookie"]',
  '*["sec-websocket-protocol"]',
  '*.headers.authorization',
  '*.headers.cookie',
  '*.headers["x-api-key"]',
  '*.headers["set-cookie"]',
  '*.headers["sec-websocket-protocol"]',
]
