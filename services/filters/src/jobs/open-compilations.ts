import { HeadwayError, OpenJobs } from '@headway/core'
import type { Engine, PlacesOfJob, StoredJob } from '@headway/core'
import { BATCH_JOB_TYPE, batchInputSchema } from './batch-input.js'
import { COMPILE_JOB_TYPE, compileInputSchema } from './compile-input.js'

/**
 * How many compilations each owner has that are not over. The lists of a batch count one by one.
 *
 * @param max for each owner; 0: any number
 */
export function openCompilations(engine: Pick<Engine, 'finished' | 'list'>, max: number): OpenJobs {
  return new OpenJobs(engine, { max, types: [COMPILE_JOB_TYPE, BATCH_JOB_TYPE], placesOf, refusal: (open) => refusal(open, max) })
}

function refusal(open: number, limit: number): HeadwayError {
  const message = `At most ${limit} compilations of one address may wait, run or rest at a time, and ${open} do. Wait until some are over, or cancel some (POST /queue/cancel/{requestId}). An API key has no such limit.`
  return new HeadwayError('TOO_MANY_OPEN', message, { details: { open, limit } })
}

const ownedSchema = compileInputSchema.pick({ owner: true })
const ownedBatchSchema = batchInputSchema.pick({ owner: true, requests: true })

function placesOf({ type, input }: Pick<StoredJob, 'type' | 'input'>): PlacesOfJob | undefined {
  const owned = type === COMPILE_JOB_TYPE ? ownedSchema.safeParse(input).data : undefined
  const batch = type === BATCH_JOB_TYPE ? ownedBatchSchema.safeParse(input).data : undefined
  const owner = owned?.owner ?? batch?.owner
  return owner === undefined ? undefined : { owner, count: batch?.requests.length ?? 1 }
}
