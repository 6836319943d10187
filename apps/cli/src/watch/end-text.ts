import type { Job } from '@headway/protocol'
import { clean } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { shortDuration } from '../text/duration.js'

/** How a job ended, in one sentence. */
export function endText({ status, error, startedAt, finishedAt }: Job, colors: Colors): string {
  const took = startedAt === undefined || finishedAt === undefined ? undefined : Date.parse(finishedAt) - Date.parse(startedAt)
  const after = took === undefined ? '' : ` after ${shortDuration(took)}`
  switch (status) {
    case 'completed':
      return colors.green(`completed${after}`)
    case 'failed':
      return colors.red(`failed${after}${error === undefined ? '' : `: ${clean(error.message)} (${clean(error.code)})`}`)
    case 'cancelled':
      return colors.yellow(`cancelled${after}`)
    case 'queued':
    case 'running':
    case 'paused':
      return status
  }
}
