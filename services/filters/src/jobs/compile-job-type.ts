import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { defineJob, JobFailure } from '@headway/core'
import type { BlobRef, JobContext, JobType } from '@headway/core'
import type { Json } from '@headway/protocol'
import { CompileError } from '../compiler/index.js'
import { COMPILE_JOB_TYPE, compileInputSchema, configurationOf } from './compile-input.js'
import type { CompileInput } from './compile-input.js'
import type { CompileResult } from './compile-result.js'
import type { Computations } from './computations.js'
import type { Figures } from './figures.js'
import { followShare } from './follow-share.js'
import { preFetchedOf } from './pre-fetched.js'
import type { ComputedList } from './run-computation.js'

/** Compile jobs and batches are kept or removed together. */
export const RETENTION_GROUP = 'filters'

/** How often in a row a compilation begins again because its server was lost. */
export const MAX_RECOVERIES = 10

/** Jobs that wait for their computation cost little: the compiler's threads are what is limited. */
const MAX_JOBS = 64

/** How much of a result is read at a time, in bytes. */
const READ_BYTES = 64 * 1024

/** The job type of one compilation. @param computations there when the service has started */
export function compileJobType(computations: Promise<Computations>, figures: Figures): JobType {
  return defineJob({
    name: COMPILE_JOB_TYPE,
    description: 'Compiles ad-block and hosts lists into one',
    input: compileInputSchema,
    concurrency: MAX_JOBS,
    maxRecoveries: MAX_RECOVERIES,
    pausable: true,
    retentionGroup: RETENTION_GROUP,
    definition: () => ({ createdAt: new Date().toISOString() }),
    run: (input, ctx) => figures.measured(ctx, async () => runCompileJob(input, ctx, await computations)),
  })
}

async function runCompileJob(input: CompileInput, ctx: JobContext, computations: Computations): Promise<CompileResult> {
  try {
    const share = await joinComputation(input, ctx, computations)
    return await followShare(ctx, share, (list) => keepResult(list, ctx))
  } catch (error) {
    if (isClosing(error)) await stopped(ctx.signal)
    ctx.signal.throwIfAborted()
    throw toJobFailure(error)
  }
}

/** The server ends what compiles before the engine gives jobs back: that is no failure of a job. */
export function isClosing(error: unknown): boolean {
  return error instanceof CompileError && CLOSING_CODES.has(error.code)
}

const CLOSING_CODES: ReadonlySet<string> = new Set(['WORKERS_CLOSED', 'DOWNLOADER_CLOSED'])

/** Resolves when a job has to stop. */
export async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** Takes part in the computation that an input asks for. */
export async function joinComputation(
  input: CompileInput,
  { blobs }: Pick<JobContext, 'blobs'>,
  computations: Computations,
): Promise<ReturnType<Computations['join']>> {
  const { texts, content, load } = await preFetchedOf(input, blobs)
  return computations.join(
    { configuration: configurationOf(input), preFetched: texts, content, benchmark: input.benchmark ?? false, owner: input.owner },
    load,
  )
}

/** Makes the rules of a computed list a blob of the job. */
export async function keepResult(list: ComputedList, { blobs }: Pick<JobContext, 'blobs'>): Promise<CompileResult> {
  const rules: BlobRef = await blobs.put(createReadStream(list.rulesFile, { highWaterMark: READ_BYTES }))
  const { ruleCount, metrics, compiledAt, cached, diff } = list
  return { rules, ruleCount, metrics, compiledAt, cached, ...(diff !== undefined && { diff }) }
}

/** What the compiler threw, with its code: another try would not help, for it makes its own. */
export function toJobFailure(error: unknown): unknown {
  if (!(error instanceof CompileError)) return error
  const details: Json | undefined = error.fields && { fields: error.fields.map(({ pointer, message }) => ({ pointer, message })) }
  return new JobFailure(error.code, error.message, { cause: error, retryable: false, ...(details !== undefined && { details }) })
}
