import { HeadwayError } from '@headway/core'
import type { FieldError } from '@headway/protocol'
import type { z } from 'zod'

/** More wrong fields than this are not listed: nobody reads them, and a body could make a million. */
const MAX_FIELD_ERRORS = 50

/**
 * Checks a value that came from outside.
 *
 * @throws HeadwayError VALIDATION_ERROR with `fields`
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = fieldErrors(parsed.error)
  throw new HeadwayError('VALIDATION_ERROR', `${what} does not fit: ${summary(fields)}`, { fields })
}

/** What zod found, with JSON pointers (RFC 6901). */
function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.slice(0, MAX_FIELD_ERRORS).map((issue) => ({ pointer: pointerOf(issue.path), message: issue.message }))
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function summary(fields: readonly FieldError[]): string {
  const [first, ...others] = fields
  if (first === undefined) return 'it has the wrong form.'
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return `${first.pointer === '' ? '' : `${first.pointer}: `}${first.message}${more}`
}
