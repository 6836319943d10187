import { DownloadError } from './errors.js'

/** At what point of a request it failed. */
type Stage = 'request' | 'body'

const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection was made in time',
  ETIMEDOUT: 'no connection was made in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending in the middle',
}
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS_CERT)/
const NOT_HTTP = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|ERR_SSL_)/

/**
 * Makes a download error of what undici, Node's sockets or its resolver threw. Only their codes are used: their messages and fields may hold
 * what must not be shown.
 */
export function networkError(error: unknown, host: string, stage: Stage): DownloadError {
  if (error instanceof DownloadError) return error
  const code = codeOf(error)
  const timeout = TIMEOUTS[code]
  if (timeout !== undefined) return new DownloadError('SOURCE_TIMEOUT', `"${host}": ${timeout}.`, { retryable: true, hostFault: true })
  if (CERTIFICATE.test(code)) {
    return new DownloadError('SOURCE_UNREACHABLE', `"${host}" has a certificate that can't be trusted (${code}).`, { hostFault: true })
  }
  const lengths = stage === 'request' && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  // By its name: undici is not loaded for its errors alone.
  const unreadable = error instanceof Error && error.name === 'HTTPParserError'
  if (lengths || unreadable || NOT_HTTP.test(code)) {
    return new DownloadError('SOURCE_BAD_ANSWER', `"${host}" sent an answer that breaks the rules of HTTP.`, {
      // Without TLS there is no connection; else the host does answer.
      hostFault: code.startsWith('ERR_SSL_'),
    })
  }
  if (code === 'ENOTFOUND') {
    return new DownloadError('SOURCE_UNREACHABLE', `There is no host "${host}". Check the address of the source.`, { hostFault: true })
  }
  if (stage === 'body') {
    return new DownloadError('SOURCE_INCOMPLETE', `"${host}" ended the content before it was whole (${code}).`, { retryable: true })
  }
  return new DownloadError('SOURCE_UNREACHABLE', `"${host}" can't be reached (${code}).`, { retryable: true, hostFault: true })
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : 'unknown reason'
}

const RETRYABLE_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])

/** What an answer that is no content is refused with. */
export function statusError(host: string, status: number, retryAfterMs: number | undefined): DownloadError {
  return new DownloadError('SOURCE_HTTP_STATUS', `"${host}" answered with status ${String(status)} instead of the list.`, {
    retryable: RETRYABLE_STATUS.has(status),
    hostFault: status >= 500 || status === 429,
    retryAfterMs,
  })
}
