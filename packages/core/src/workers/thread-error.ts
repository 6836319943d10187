import { HeadwayError, JobFailure, LeaseLostError } from '../errors.js'
import type { ThreadError } from './messages.js'

/** An error as it crosses between threads, which don't keep its class. */
export function toThreadError(error: unknown): ThreadError {
  if (error instanceof JobFailure) {
    const { name, message, code, retryable, details } = error
    return { name, message, code, retryable, ...(details !== undefined && { details }) }
  }
  if (error instanceof HeadwayError) return { name: 'JobFailure', message: error.message, code: error.code.toLowerCase() }
  if (error instanceof Error) return { name: error.name, message: error.message }
  return { name: 'Error', message: String(error) }
}

export function fromThreadError(error: ThreadError): Error {
  if (error.name === 'JobFailure' && error.code !== undefined) {
    return new JobFailure(error.code, error.message, {
      ...(error.retryable !== undefined && { retryable: error.retryable }),
      ...(error.details !== undefined && { details: error.details }),
    })
  }
  if (error.name === 'LeaseLostError') return new LeaseLostError('of this thread')
  return Object.assign(new Error(error.message), { name: error.name })
}
