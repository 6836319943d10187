import type { ServerKit } from '@headway/server'
import type { BookJobs } from './book-jobs.js'
import type { AddRoute } from './route-tools.js'
import type { UploadLimits } from './upload/upload-limits.js'

/** What the routes of jobs work with. */
export interface JobRouteOptions {
  readonly add: AddRoute
  readonly kit: ServerKit
  readonly jobs: BookJobs
  readonly limits: UploadLimits
}
