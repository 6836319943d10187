import type { ServerKit } from '@headway/server'
import type { BookJobs } from './book-jobs.js'
import type { AddRoute } from './route-tools.js'
import type { UploadLimits } from './upload/upload-limits.js'

/** How a job may not begin; uploads have more. */
export const CREATION_ERRORS = ['VALIDATION_ERROR', 'BODY_TOO_LARGE', 'IDEMPOTENCY_MISMATCH', 'TOO_MANY_OPEN', 'SHUTTING_DOWN'] as const

/** The same of an upload. */
export const UPLOAD_ERRORS = [...CREATION_ERRORS, 'UNSUPPORTED_MEDIA_TYPE', 'EMPTY_FILE'] as const

/** What the routes of jobs work with. */
export interface JobRouteOptions {
  readonly add: AddRoute
  readonly kit: ServerKit
  readonly jobs: BookJobs
  readonly limits: UploadLimits
}
