import { isTerminal, jobSchema } from '@headway/protocol'
import type { Job, JobRequest } from '@headway/protocol'
import { openApi } from '../api/api.js'
import type { Api } from '../api/api.js'
import { RefusedError } from '../api/errors.js'
import { findJob, getJob } from '../api/find-job.js'
import type { ControlFlags } from '../commands/control.js'
import { EXIT } from '../exit-codes.js'
import { colorsFor } from '../text/colors.js'
import { flagDuration } from '../text/flag-duration.js'
import { endText } from '../watch/end-text.js'
import { waitUntil } from './wait-until.js'

/** Whether what was asked for has happened. */
const IS_SO: Readonly<Record<JobRequest, (job: Job) => boolean>> = {
  cancel: ({ status }) => status === 'cancelled',
  pause: ({ status }) => status === 'paused',
  resume: ({ status, request }) => status !== 'paused' && request !== 'pause',
}

/** `headway cancel`, `pause` and `resume`. @returns the exit code @throws CommandError */
export async function controlJob(text: string, request: JobRequest, flags: ControlFlags): Promise<number> {
  const timeoutMs = flagDuration('--timeout', flags.timeout)
  const api = await openApi(flags)
  const { id } = await findJob(api, text)
  const asked = await ask(api, id, request, flags.reason)
  const isSo = IS_SO[request]
  const job = flags.wait ? await waitUntil(api, asked, (now) => isSo(now) || isTerminal(now.status), timeoutMs) : asked
  process.stdout.write(`${flags.json === true ? JSON.stringify(job) : endText(job, colorsFor(process.stdout, flags.color))}\n`)
  if (isSo(job) || !flags.wait) return 0
  if (isTerminal(job.status)) {
    process.stderr.write(`headway: it was ${job.status} before it could ${request}\n`)
    return EXIT.failed
  }
  process.stderr.write(`headway: asked to ${request}, and still ${job.status} after ${flags.timeout}\n`)
  return EXIT.unknown
}

/** What is so already is a success, also where the job is over. */
async function ask(api: Api, id: string, request: JobRequest, reason: string | undefined): Promise<Job> {
  try {
    const body = reason === undefined ? {} : { reason }
    return await api.request(`jobs/${id}/${request}`, jobSchema, { method: 'POST', body, repeatable: true })
  } catch (error) {
    if (request !== 'cancel' || !(error instanceof RefusedError) || error.code !== 'JOB_FINISHED') throw error
    const job = await getJob(api, id)
    if (job.status === 'cancelled' || job.request === 'cancel') return job
    throw error
  }
}
