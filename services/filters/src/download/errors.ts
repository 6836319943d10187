import { CompileError } from '../compiler/compile-error.js'

/** Why a source could not be had. The codes are stable; they reach the events and answers of a compilation. */
export type DownloadCode =
  | 'BLOCKED_ADDRESS'
  | 'BREAKER_OPEN'
  | 'DOWNLOADER_CLOSED'
  | 'INVALID_URL'
  | 'LOCAL_PATH_REFUSED'
  | 'SOURCE_BAD_ANSWER'
  | 'SOURCE_CORRUPT'
  | 'SOURCE_HTTP_STATUS'
  | 'SOURCE_INCOMPLETE'
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_NOT_TEXT'
  | 'SOURCE_TIMEOUT'
  | 'SOURCE_TOO_LARGE'
  | 'SOURCE_UNREACHABLE'
  | 'TOO_MANY_REDIRECTS'
  | 'UNSUPPORTED_ENCODING'
  | 'UNSUPPORTED_SCHEME'

/** What a failure means for what happens next. */
interface DownloadErrorTraits {
  /** Trying again may help. */
  readonly retryable?: boolean
  /** It counts against the host: the host, or the way to it, does not work. What its answers hold does not count: others ask it for other lists. */
  readonly hostFault?: boolean
  /** How long the server asks to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/** What fails before a host is known, or because of the content, says so without naming the source: this names it. */
export function named(error: unknown, shown: string): unknown {
  if (!(error instanceof DownloadError) || error.message.startsWith('"') || error.code === 'DOWNLOADER_CLOSED') return error
  return new DownloadError(error.code as DownloadCode, `${shown}: ${error.message}`, error)
}

/**
 * A download that failed. It has no `cause` on purpose: errors of Node and of libraries may hold the URL as it was given, with its
 * credentials, and errors end in logs.
 */
export class DownloadError extends CompileError {
  readonly retryable: boolean
  readonly hostFault: boolean
  readonly retryAfterMs: number | undefined

  constructor(code: DownloadCode, message: string, traits: DownloadErrorTraits = {}) {
    super(code, message)
    this.retryable = traits.retryable ?? false
    this.hostFault = traits.hostFault ?? false
    this.retryAfterMs = traits.retryAfterMs
  }
}
