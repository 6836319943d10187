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
  throw new HeadwayError('VALIDATION_ERROR', misfit(what, fields), { fields })
}

/** What is wrong with `what` in one sentence, for answers that have no place for a list of fields. */
export function misfitOf(error: z.ZodError, what: string): string {
  return misfit(what, toFieldErrors(error))
}

function misfit(what: string, fields: readonly FieldError[]): string {
  return `${what} does not fit: ${summary(fields)}`
}

function summary(fields: readonly FieldError[]): string {
  const [first, ...others] = fields
  if (first === undefined) return 'it has the wrong form.'
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return `${first.pointer === '' ? '' : `${first.pointer}: `}${first.message}${more}`
}
