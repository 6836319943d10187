import type { FieldError } from '@headway/protocol'
import type { z } from 'zod'

/** What zod found wrong, with JSON pointers (RFC 6901) to the fields. */
export function toFieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    pointer: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: issue.message,
  }))
}
