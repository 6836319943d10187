import type { HeadwayError } from '@headway/core'
import { problemOf } from '@headway/server'
import type { ServerContext } from '@headway/server'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import { COMPILE_LIMIT } from './compilations.js'

const limitDetailsSchema = z.object({ limit: z.literal(COMPILE_LIMIT), windowSeconds: z.number() })

/** An error as this service shows it: `{success: false, error, code}`. */
export function renderFiltersError(error: HeadwayError, c: ServerContext): Response {
  const { status, code, detail, errors } = problemOf(error, undefined)
  const body = { success: false, error: detail, code, ...(errors !== undefined && { errors }) }
  // The contract names the whole window, however much of it is over.
  const limit = limitDetailsSchema.safeParse(error.details)
  const headers = limit.success ? { 'Retry-After': String(limit.data.windowSeconds) } : {}
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, { 'Content-Type': 'application/json', ...headers })
}
