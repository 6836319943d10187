import type { JobRequest, JobStatus } from '@headway/protocol'

/** A job as stores read it: JSON as text, times in milliseconds since the Unix epoch. */
export type JobRow = readonly [
  uuid: string,
  type: string,
  status: JobStatus,
  input: string,
  definition: string | null,
  progress: string | null,
  result: string | null,
  error: string | null,
  priority: number,
  attempt: number,
  recoveries: number,
  head: number,
  request: JobRequest | null,
  key: string | null,
  parent: string | null,
  retryOf: string | null,
  createdAt: number,
  runAt: number,
  startedAt: number | null,
  finishedAt: number | null,
]

export const JOB_ROW_LENGTH = 20
