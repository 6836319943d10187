import type { JobError, Json } from '@headway/protocol'
import { HeadwayError, JobFailure, StoreError } from '../errors.js'

const LONGEST_MESSAGE = 2000
const LONGEST_CODE = 64
/** An event is at most 64 KiB; this leaves room for the message and the rest. */
const MAX_DETAILS_BYTES = 48 * 1024

/** What the log says of a throw: a code, a message and no stack. */
export function toJobError(error: unknown): JobError {
  if (error instanceof JobFailure) {
    const details = fittingDetails(error)
    // Jobs in JavaScript may give what is no text.
    const code: unknown = error.code
    return {
      code: String(code).slice(0, LONGEST_CODE),
      message: shorten(error.message),
      retryable: error.retryable,
      ...(details !== undefined && { details }),
    }
  }
  if (error instanceof StoreError) return { code: `store_${error.code}`, message: shorten(error.message), retryable: true }
  if (error instanceof HeadwayError) return { code: error.code.toLowerCase(), message: shorten(error.message) }
  return { code: 'job_error', message: shorten(error instanceof Error ? error.message : String(error)) }
}

/**
 * The details of a failure, or undefined when they can't be in an event: too large, or no JSON. They must not keep the failure itself
 * from being written, or the work would be taken for lost and run again.
 */
export function fittingDetails(error: JobFailure): Json | undefined {
  try {
    const text = JSON.stringify(error.details)
    return text === undefined || Buffer.byteLength(text) > MAX_DETAILS_BYTES ? undefined : error.details
  } catch {
    return undefined
  }
}

/** Whether another attempt may help: true unless the job said that it does not. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof JobFailure) || error.retryable
}

function shorten(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`
}
