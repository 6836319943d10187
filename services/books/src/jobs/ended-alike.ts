import { JobFailure, StopReason, StoreError } from '@headway/core'
import type { JobContext, JobType } from '@headway/core'
import type { Json } from '@headway/protocol'
import { figuresOf } from './item-writer.js'

/** Who is told of what went wrong inside the server, with all that is known of it. */
export type OnInternal = (error: unknown, job: Pick<JobContext, 'id'>) => void

const INSIDE = 'The job failed inside the server, whose log says why. It may work later.'

/** What is said of failures whose own words are about the server: its files, modules and threads are nobody else's business. */
const INTERNAL: Readonly<Record<string, string>> = {
  FILE_UNREADABLE: 'The file that was sent can not be read any more. Send it again.',
  FILE_CHANGED: 'The file that was sent can not be read any more. Send it again.',
  THREAD_CRASHED: INSIDE,
  OCR_UNAVAILABLE: 'This server can not read photos now; its log says why.',
  CATALOG_UNAVAILABLE: 'The catalog of this server can not be asked now; its log says why.',
  CATALOG_UNREADABLE: 'The catalog of this server can not be asked now; its log says why.',
  SCAN_FAILED: INSIDE,
  SCAN_THREAD_ENDED: INSIDE,
}

/** A job type whose ends say the same things: how far it came and when it began, and of failures inside the server no more than that. */
export function endedAlike(type: JobType, onInternal: OnInternal): JobType {
  return {
    ...type,
    async run(input, ctx) {
      try {
        const result = await type.run?.(input, ctx)
        return { ...(result as object), ...startOf(ctx) }
      } catch (error) {
        throw failureOf(error, ctx, onInternal)
      }
    },
  }
}

function startOf(ctx: JobContext): { readonly startedAt?: string } {
  const startedAt = figuresOf(ctx)?.startedAt
  return startedAt === undefined ? {} : { startedAt }
}

function failureOf(error: unknown, ctx: JobContext, onInternal: OnInternal): unknown {
  const reason: unknown = ctx.signal.reason
  const figures = figuresOf(ctx)
  if (reason instanceof StopReason) {
    if (reason.kind !== 'cancelled' || figures === undefined) return error
    return new JobFailure('cancelled', reason.message, { details: { figures } })
  }
  // The engine knows what these mean.
  if (error instanceof StoreError) return error
  const failure = error instanceof JobFailure ? error : new JobFailure('job_error', INSIDE, { cause: error })
  const message = INTERNAL[failure.code]
  if (failure !== error || message !== undefined) onInternal(error, ctx)
  const { code, retryable, details } = failure
  return new JobFailure(code, message ?? failure.message, {
    cause: error,
    retryable,
    details: { ...asObject(details), ...(figures && { figures }) },
  })
}

function asObject(details: Json | undefined): { readonly [name: string]: Json | undefined } {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return {}
  return details as { readonly [name: string]: Json | undefined }
}
