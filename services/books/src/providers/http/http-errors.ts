import { errors } from 'undici'
import { ProviderError, nonsense } from '../provider-error.js'

const RETRYABLE_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])
/** These say that the request was wrong, and so nothing of the server. */
const OUR_FAULT = new Set([400, 413, 414, 415, 422])

/** What an answer without content is refused with. @param retryAfterMs as the answer says */
export function statusError(name: string, status: number, retryAfterMs: number | undefined): ProviderError {
  if (status === 401 || status === 403) {
    return new ProviderError('API_ERROR', `"${name}" refuses the key, or the key is used up (status ${String(status)}).`, {
      retry: 'later',
    })
  }
  const message = `"${name}" answered with status ${String(status)}.`
  if (OUR_FAULT.has(status)) return new ProviderError('API_ERROR', message, { retry: 'never', providerFault: false })
  return new ProviderError('API_ERROR', message, { retry: RETRYABLE_STATUS.has(status) ? 'soon' : 'later', retryAfterMs })
}

/** Codes of a server that does not speak HTTP. */
const NOT_HTTP = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

/** Makes an error of what undici or Node's sockets threw. Only their codes are used: their messages may hold what must not be shown. */
export function networkError(error: unknown, name: string): ProviderError {
  const code = codeOf(error)
  if (error instanceof errors.HTTPParserError || NOT_HTTP.test(code))
    return nonsense(name, 'an answer that breaks the rules of HTTP or TLS')
  return new ProviderError('API_ERROR', `"${name}" can't be reached, or broke off (${code}).`, { retry: 'soon' })
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : 'unknown reason'
}
