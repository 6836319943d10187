import type { JobError } from '@headway/protocol'
import { HeadwayError, JobFailure, StoreError } from '../errors.js'

const LONGEST_MESSAGE = 2000

/** What the log says of a throw: a code, a message and no stack. */
export function toJobError(error: unknown): JobError {
  if (error instanceof JobFailure) {
    return {
      code: error.code,
      message: shorten(error.message),
      retryable: error.retryable,
      ...(error.details !== undefined && { details: error.details }),
    }
  }
  if (error instanceof StoreError) return { code: `store_${error.code}`, message: shorten(error.message), retryable: true }
  if (error instanceof HeadwayError) return { code: error.code.toLowerCase(), message: shorten(error.message) }
  return { code: 'job_error', message: shorten(error instanceof Error ? error.message : String(error)) }
}

/** Whether another attempt may help: true unless the job said that it does not. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof JobFailure) || error.retryable
}

function shorten(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`
}
