import { setTimeout as pause } from 'node:timers/promises'
import { eventPageSchema } from '@headway/protocol'
import type { Job } from '@headway/protocol'
import type { Api } from '../api/api.js'
import { getJob } from '../api/find-job.js'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'

/** How long one question may wait for news, in seconds. */
const POLL_SECONDS = 20
/** Beside the wait itself, in milliseconds. */
const ANSWER_SLACK_MS = 10_000
const PAUSE_MS = 500

/**
 * Looks at a job whenever its log has grown. A server that is away for a while is waited for.
 *
 * @returns the job when it is so, or as it was when the time was over
 * @throws CommandError when the server refuses
 */
export async function waitUntil(api: Api, job: Job, isSo: (job: Job) => boolean, timeoutMs: number): Promise<Job> {
  const deadline = performance.now() + timeoutMs
  let now = job
  for (let leftMs = timeoutMs; !isSo(now) && leftMs > 0; leftMs = deadline - performance.now()) {
    const wait = Math.min(POLL_SECONDS, leftMs / 1000)
    try {
      const query = { after: String(now.head), limit: '1', wait: wait.toFixed(3) }
      await api.request(`jobs/${job.id}/events`, eventPageSchema, { query, timeoutMs: Math.ceil(wait * 1000) + ANSWER_SLACK_MS })
      now = await getJob(api, job.id)
    } catch (error) {
      if (!(error instanceof CommandError) || error.exitCode !== EXIT.unreachable) throw error
      await pause(Math.min(PAUSE_MS, leftMs))
    }
  }
  return now
}
