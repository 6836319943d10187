import type { ErrorBodyDescription } from '@headway/server'
import { errorAnswerSchema } from './schemas.js'

/** How errors of this service look in the API descriptions. */
export const ERROR_BODY: ErrorBodyDescription = {
  contentType: 'application/json',
  schema: errorAnswerSchema,
  example: ({ detail, code, errors }) => ({ success: false, error: detail, code, ...(errors !== undefined && { errors }) }),
}
