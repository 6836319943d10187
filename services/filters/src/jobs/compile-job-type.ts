import { createReadStream } from 'node:fs'
import type { BlobRef, JobContext, JobType } from '@headway/core'
import { Commentary } from './commentary.js'
import { COMPILE_JOB_TYPE, compileInputSchema, configurationOf } from './compile-input.js'
import type { CompileInput } from './compile-input.js'
import type { CompileResult } from './compile-result.js'
import type { Computations } from './computations.js'
import { filtersJob } from './filters-job.js'
import type { FiltersJobOptions } from './filters-job.js'
import { followShare } from './follow-share.js'
import { endedProperly } from './job-end.js'
import { preFetchedOf } from './pre-fetched.js'
import type { ComputedList } from './run-computation.js'
import { readConfiguration } from './secret-sources.js'
import type { Waits } from './waits.js'

/** How much of a result is read at a time, in bytes. */
const READ_BYTES = 64 * 1024

/** The job type of one compilation. */
export function compileJobType(options: FiltersJobOptions): JobType {
  return filtersJob(options, {
    name: COMPILE_JOB_TYPE,
    title: 'Filter list',
    description: 'Compiles ad-block and hosts lists into one',
    input: compileInputSchema,
    jsonBlobs: ['/rules'],
    run: (input, ctx, computations) => runCompileJob(input, ctx, computations, options.figures.waits),
  })
}

function runCompileJob(input: CompileInput, ctx: JobContext, computations: Computations, waits: Waits): Promise<CompileResult> {
  return endedProperly(ctx, async () => {
    const commentary = new Commentary(ctx)
    await commentary.begin(configurationOf(input))
    const share = await joinComputation(input, ctx, computations)
    const keep = async (list: ComputedList): Promise<CompileResult> => {
      const result = await keepResult(list, ctx)
      await commentary.end(list)
      return result
    }
    return waits.during(ctx.id, (hear) =>
      followShare(ctx, share, keep, (event) => {
        hear(event)
        return commentary.event(event)
      }),
    )
  })
}

/** Takes part in the computation that an input asks for. */
export async function joinComputation(
  input: CompileInput,
  { blobs }: Pick<JobContext, 'blobs'>,
  computations: Computations,
): Promise<ReturnType<Computations['join']>> {
  const { texts, content, withTexts } = await preFetchedOf(input, blobs)
  const { configurationBlob, benchmark = false, owner } = input
  const configuration = configurationBlob === undefined ? configurationOf(input) : await readConfiguration(configurationBlob, blobs)
  return computations.join({ configuration, preFetched: texts, content, benchmark, owner }, withTexts)
}

/** Makes the rules of a computed list a blob of the job. */
export async function keepResult(list: ComputedList, { blobs }: Pick<JobContext, 'blobs'>): Promise<CompileResult> {
  const rules: BlobRef = await blobs.put(createReadStream(list.rulesFile, { highWaterMark: READ_BYTES }))
  const { ruleCount, metrics, compiledAt, cached, diff } = list
  return { rules, ruleCount, metrics, compiledAt, cached, ...(diff !== undefined && { diff }) }
}
