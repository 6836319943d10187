import { setMaxListeners } from 'node:events'
import { JobFailure } from '@headway/core'
import type { JobContext, JobType } from '@headway/core'
import { BATCH_ITEM_EVENT, BATCH_JOB_TYPE, batchInputSchema, MAX_BATCH } from './batch-input.js'
import type { BatchInput, BatchItem, BatchResult } from './batch-input.js'
import { boundedMetrics, firstOf } from './bounded-metrics.js'
import { joinComputation, keepResult } from './compile-job-type.js'
import type { CompileResult, DiffView } from './compile-result.js'
import type { Computations } from './computations.js'
import { filtersJob } from './filters-job.js'
import type { FiltersJobOptions } from './filters-job.js'
import { followShare } from './follow-share.js'
import { endedProperly } from './job-end.js'
import type { Waits } from './waits.js'

/** The lists of a batch are in one event: of each list of figures so much is told, in characters of JSON. */
const MAX_ITEM_CHARACTERS = 1200

/** In so many places at a time one list waits for the end of its job, at most. */
const LISTENERS_PER_LIST = 4

/** The longest message of one list's failure, in characters. */
const MAX_FAILURE_CHARACTERS = 1000

/** The job type of several lists at once. Its log has what became of each; the events of a list are those of a compilation of its own. */
export function batchJobType(options: FiltersJobOptions): JobType {
  return filtersJob(options, {
    name: BATCH_JOB_TYPE,
    title: 'Several filter lists',
    description: 'Compiles several filter lists, each on its own',
    input: batchInputSchema,
    jsonBlobs: ['/results/*/result/rules'],
    run: (input, ctx, computations) => runBatch(input, ctx, computations, options.figures.waits),
  })
}

async function runBatch({ requests, owner }: BatchInput, ctx: JobContext, computations: Computations, waits: Waits): Promise<BatchResult> {
  // Many lists listen to one signal.
  setMaxListeners(LISTENERS_PER_LIST * (MAX_BATCH + 1), ctx.signal)
  let done = 0
  const results = await Promise.all(
    requests.map(async ({ id, ...request }): Promise<BatchItem> => {
      const item = await compileItem(id, { ...request, ...(owner !== undefined && { owner }) }, ctx, computations, waits)
      done += 1
      await ctx.emit(BATCH_ITEM_EVENT, { success: 'result' in item, ...item })
      await ctx.progress({ done, total: requests.length, message: `${done} of ${requests.length} lists` })
      return item
    }),
  )
  return { results }
}

/** One list. Its failure is its own, the end of the job is not. */
async function compileItem(
  id: string,
  input: Parameters<typeof joinComputation>[0],
  ctx: JobContext,
  computations: Computations,
  waits: Waits,
): Promise<BatchItem> {
  try {
    const result = await endedProperly(ctx, async () => {
      const share = await joinComputation(input, ctx, computations)
      return waits.during(ctx.id, (hear) =>
        followShare(
          ctx,
          share,
          (list) => keepResult(list, ctx),
          (event) => Promise.resolve(hear(event)),
        ),
      )
    })
    return { id, result: smallResult(result) }
  } catch (error) {
    ctx.signal.throwIfAborted()
    return { id, error: failureOf(error) }
  }
}

function smallResult({ diff, ...result }: CompileResult): CompileResult {
  return {
    ...result,
    metrics: boundedMetrics(result.metrics, MAX_ITEM_CHARACTERS),
    ...(diff !== undefined && { diff: smallDiff(diff) }),
  }
}

function smallDiff(diff: DiffView): DiffView {
  const examples = (all: readonly string[]): string[] => firstOf(all, MAX_ITEM_CHARACTERS / 4)
  return { ...diff, addedExamples: examples(diff.addedExamples), removedExamples: examples(diff.removedExamples) }
}

function failureOf(error: unknown): { code: string; message: string } {
  const code = error instanceof JobFailure ? error.code : 'job_error'
  const message = error instanceof Error ? error.message : String(error)
  return { code, message: message.slice(0, MAX_FAILURE_CHARACTERS) }
}
