/** The codes of books.md that a provider's failure has. */
export type ProviderErrorCode = 'API_ERROR' | 'CIRCUIT_OPEN'

/** What a failure means for what happens next. */
interface Traits {
  /** `soon`: the same request may work in a moment. `later`: not in a moment. `never`: somebody has to change something. */
  readonly retry: 'soon' | 'later' | 'never'
  /** It counts against the provider: it, or the way to it, does not work, or what it says makes no sense. Default true. */
  readonly providerFault?: boolean
  /** How long it asks to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/**
 * A provider that could not be asked, or whose answer can't be used. The message names the provider and never what was sent or received:
 * keys and URLs are in neither. It has no `cause` for the same reason.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode
  readonly retry: 'soon' | 'later' | 'never'
  readonly providerFault: boolean
  readonly retryAfterMs: number | undefined

  constructor(code: ProviderErrorCode, message: string, { retry, providerFault = true, retryAfterMs }: Traits) {
    super(message)
    this.code = code
    this.retry = retry
    this.providerFault = providerFault
    this.retryAfterMs = retryAfterMs
  }

  /** Whether asking again, now or later, may help. */
  get retryable(): boolean {
    return this.retry !== 'never'
  }
}

/** What a provider said breaks its own rules. */
export function nonsense(provider: string, what: string): ProviderError {
  return new ProviderError('API_ERROR', `"${provider}" sent ${what}.`, { retry: 'later' })
}
