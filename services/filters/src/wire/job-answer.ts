import type { Engine, StoredJob } from '@headway/core'
import type { JobError } from '@headway/protocol'
import type { JsonPiece } from '@headway/server'
import { BATCH_ITEM_EVENT, BATCH_JOB_TYPE, batchInputSchema, batchItemSchema, batchResultSchema } from '../jobs/batch-input.js'
import type { BatchItem } from '../jobs/batch-input.js'
import { compileResultSchema } from '../jobs/compile-result.js'
import { errorStatus } from './error-status.js'
import type { ErrorStatus } from './error-status.js'
import { cancelledText, resultMembers } from './wire-events.js'

/** How much of a log is read at a time. */
const PAGE_EVENTS = 100
const PAGE_BYTES = 256 * 1024

/** What is told of a job that is over. */
export interface JobAnswer {
  readonly status: 200 | ErrorStatus
  /** JSON, without the braces around it: other members may stand before. */
  readonly members: readonly JsonPiece[]
  /** Of a single compilation that came to a result. */
  readonly cached?: boolean
}

/** What clients see of a job that is over: the list, the lists of a batch, or why there is none; of a batch that was stopped also the lists that were done. */
export async function answerOf(job: StoredJob, engine: Pick<Engine, 'read'>): Promise<JobAnswer> {
  if (job.status === 'cancelled') return stopped(job, { code: 'CANCELLED', message: cancelledText(undefined) }, engine)
  if (job.status === 'failed') return stopped(job, job.error ?? { code: 'INTERNAL_ERROR', message: 'The compilation failed.' }, engine)
  if (job.type === BATCH_JOB_TYPE) {
    const { results } = batchResultSchema.parse(job.result)
    return { status: 200, members: ['"success":true,', ...resultsMember(results)] }
  }
  const result = compileResultSchema.parse(job.result)
  return { status: 200, members: ['"success":true,"rules":', result.rules, `,${resultMembers(result)}`], cached: result.cached }
}

function failed({ code, message, details }: JobError): JobAnswer {
  const body = { success: false, error: message, code, ...(details !== undefined && { details }) }
  return { status: errorStatus(code), members: [JSON.stringify(body).slice(1, -1)] }
}

async function stopped(job: StoredJob, error: JobError, engine: Pick<Engine, 'read'>): Promise<JobAnswer> {
  const answer = failed(error)
  if (job.type !== BATCH_JOB_TYPE) return answer
  const { requests } = batchInputSchema.parse(job.input)
  const done = await itemsDone(job, engine)
  const results = requests.map(({ id }): BatchItem => done.get(id) ?? { id, error: { code: error.code, message: error.message } })
  return { ...answer, members: [...answer.members, ',', ...resultsMember(results)] }
}

/** What the log tells of the lists of a batch. One that began again has told of some twice: the last time counts. */
async function itemsDone({ id, head }: StoredJob, engine: Pick<Engine, 'read'>): Promise<Map<string, BatchItem>> {
  const done = new Map<string, BatchItem>()
  for (let after = 0; after < head;) {
    const { events, next } = await engine.read(id, { after, types: [BATCH_ITEM_EVENT], maxEvents: PAGE_EVENTS, maxBytes: PAGE_BYTES })
    for (const { data } of events) {
      const item = batchItemSchema.safeParse(data).data
      if (item !== undefined) done.set(item.id, item)
    }
    if (next <= after) break
    after = next
  }
  return done
}

function resultsMember(results: readonly BatchItem[]): readonly JsonPiece[] {
  const items = results.flatMap((item, index): JsonPiece[] => [index === 0 ? '{' : ',{', ...itemMembers(item), '}'])
  return ['"results":[', ...items, ']']
}

function itemMembers(item: BatchItem): readonly JsonPiece[] {
  const id = `"id":${JSON.stringify(item.id)}`
  if ('error' in item)
    return [`${id},"success":false,"error":${JSON.stringify(item.error.message)},"code":${JSON.stringify(item.error.code)}`]
  return [`${id},"success":true,"rules":`, item.result.rules, `,${resultMembers(item.result)}`]
}
