import { CompileError } from '../compile-error.js'
import type { ThreadError } from './messages.js'

export function toThreadError(error: unknown): ThreadError {
  if (error instanceof CompileError) {
    return { code: error.code, message: error.message, ...(error.fields !== undefined && { fields: error.fields }) }
  }
  return { message: error instanceof Error ? error.message : String(error) }
}

export function fromThreadError({ code, message, fields }: ThreadError): Error {
  return code === undefined ? new Error(message) : new CompileError(code, message, fields === undefined ? {} : { fields })
}
