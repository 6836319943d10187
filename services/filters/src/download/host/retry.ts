import { setTimeout as wait } from 'node:timers/promises'
import { backoffMs, type BackoffRules } from '@headway/core/breaker'
import { DownloadError } from '../errors.js'

/** How failed attempts are repeated; times in milliseconds. */
export interface RetryRules extends BackoffRules {
  /** Attempts after the first. */
  readonly retries: number
  /** A server that asks to wait longer than this is not asked again. */
  readonly maxRetryAfterMs: number
}

/** Says that an attempt failed and when the next one comes. */
export type OnRetry = (error: DownloadError, attempt: number, delayMs: number) => void

/**
 * Repeats `attempt` while its error says that this may help, with exponential backoff and jitter (any time between half the bound and the
 * bound), and not before the time that a `Retry-After` names.
 *
 * @throws the last attempt's error; the signal's reason when it is aborted
 */
export async function withRetries<T>(rules: RetryRules, signal: AbortSignal, onRetry: OnRetry, attempt: () => Promise<T>): Promise<T> {
  let previous: DownloadError | undefined
  for (let made = 1; ; made += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error
      // The attempts before opened the breaker: what happened to them says more.
      if (error.code === 'BREAKER_OPEN' && previous !== undefined) throw previous
      if (!error.retryable || made > rules.retries || (error.retryAfterMs ?? 0) > rules.maxRetryAfterMs) throw error
      previous = error
      const delayMs = Math.max(backoffMs(rules, made), error.retryAfterMs ?? 0)
      onRetry(error, made, delayMs)
      await pause(delayMs, signal)
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
