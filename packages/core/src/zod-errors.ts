import type { FieldError } from '@headway/protocol'
import type { z } from 'zod'

/** More wrong fields than this are not listed: nobody reads them, and an input could make a million. */
export const MAX_FIELD_ERRORS = 50

/** What zod found wrong, with JSON pointers (RFC 6901) to the fields; the first `MAX_FIELD_ERRORS` of it. */
export function toFieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.slice(0, MAX_FIELD_ERRORS).map((issue) => ({
    pointer: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: issue.message,
  }))
}
