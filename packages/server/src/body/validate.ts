import { HeadwayError, toFieldErrors } from '@headway/core'
import type { FieldError } from '@headway/protocol'
import type { z } from 'zod'

/**
 * Checks a value that came from outside.
 *
 * @throws HeadwayError VALIDATION_ERROR with `fields`
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = toFieldErrors(parsed.error)
  throw new HeadwayError('VALIDATION_ERROR', `${what} does not fit: ${summary(fields)}`, { fields })
}

function summary(fields: readonly FieldError[]): string {
  const [first, ...others] = fields
  if (first === undefined) return 'it has the wrong form.'
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return `${first.pointer === '' ? '' : `${first.pointer}: `}${first.message}${more}`
}
