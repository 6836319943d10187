import { once } from 'node:events'
import { JobFailure } from '@headway/core'
import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { CompileError } from '../compiler/index.js'

/**
 * Does the work of a job, or of one list of a batch. However it ends, a job that has to stop says why it stops, and a failure of the compiler
 * has its code.
 *
 * @throws the reason of the job's signal; JobFailure for what the compiler threw; else what the work throws
 */
export async function endedProperly<Result>({ signal }: Pick<JobContext, 'signal'>, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (isClosing(error)) await stopped(signal)
    signal.throwIfAborted()
    throw toJobFailure(error)
  }
}

/** The server ends what compiles before the engine gives jobs back: that is no failure of a job. */
function isClosing(error: unknown): boolean {
  return error instanceof CompileError && CLOSING_CODES.has(error.code)
}

const CLOSING_CODES: ReadonlySet<string> = new Set(['WORKERS_CLOSED', 'DOWNLOADER_CLOSED'])

/** Resolves when a job has to stop. */
async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** What the compiler threw, with its code: another try would not help, for it makes its own. */
function toJobFailure(error: unknown): unknown {
  if (!(error instanceof CompileError)) return error
  const details: Json | undefined = error.fields && { fields: error.fields.map(({ pointer, message }) => ({ pointer, message })) }
  return new JobFailure(error.code, error.message, { cause: error, retryable: false, ...(details !== undefined && { details }) })
}
