import type { StoredJob } from '@headway/core'
import type { JobError } from '@headway/protocol'
import { BATCH_JOB_TYPE, batchResultSchema } from '../jobs/batch-input.js'
import type { BatchItem } from '../jobs/batch-input.js'
import { compileResultSchema } from '../jobs/compile-result.js'
import type { JsonPiece } from './json-answer.js'
import { errorStatus } from './error-status.js'
import type { ErrorStatus } from './error-status.js'
import { cancelledText, resultMembers } from './wire-events.js'

/** What is told of a job that is over. */
export interface JobAnswer {
  readonly status: 200 | ErrorStatus
  /** JSON, without the braces around it: other members may stand before. */
  readonly members: readonly JsonPiece[]
  /** Of a single compilation that came to a result. */
  readonly cached?: boolean
}

/** What clients see of a job that is over: the list, the lists of a batch, or why there is none. */
export function answerOf(job: StoredJob): JobAnswer {
  if (job.status === 'cancelled') return failed({ code: 'CANCELLED', message: cancelledText(undefined) })
  if (job.status === 'failed') return failed(job.error ?? { code: 'INTERNAL_ERROR', message: 'The compilation failed.' })
  if (job.type === BATCH_JOB_TYPE) {
    const { results } = batchResultSchema.parse(job.result)
    const items = results.flatMap((item, index): JsonPiece[] => [index === 0 ? '{' : ',{', ...itemMembers(item), '}'])
    return { status: 200, members: ['"success":true,"results":[', ...items, ']'] }
  }
  const result = compileResultSchema.parse(job.result)
  return { status: 200, members: ['"success":true,"rules":', result.rules, `,${resultMembers(result)}`], cached: result.cached }
}

function failed({ code, message, details }: JobError): JobAnswer {
  const body = { success: false, error: message, code, ...(details !== undefined && { details }) }
  return { status: errorStatus(code), members: [JSON.stringify(body).slice(1, -1)] }
}

function itemMembers(item: BatchItem): readonly JsonPiece[] {
  const id = `"id":${JSON.stringify(item.id)}`
  if ('error' in item)
    return [`${id},"success":false,"error":${JSON.stringify(item.error.message)},"code":${JSON.stringify(item.error.code)}`]
  return [`${id},"success":true,"rules":`, item.result.rules, `,${resultMembers(item.result)}`]
}
