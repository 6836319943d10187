import { isTerminal } from '@headway/protocol'
import type { Job } from '@headway/protocol'
import type { Api } from '../api/api.js'
import type { CreationFlags } from '../commands/watch-flags.js'
import { comeBackCommand, stayWithJob } from '../watch/stay-with-job.js'
import type { StopSignals } from '../watch/stop-signals.js'

/**
 * What comes after a creation: the job is shown, or waited for, or only named.
 *
 * @returns the exit code @throws CommandError
 */
export async function goOnWith(api: Api, job: Job, stop: StopSignals, flags: CreationFlags): Promise<number> {
  if (flags.watch === true) {
    process.stderr.write(`headway: job ${job.id}\n`)
    return stayWithJob(api, job, 0, stop, flags)
  }
  if (flags.wait === true) {
    if (flags.json === true) process.stderr.write(`headway: job ${job.id}\n`)
    else process.stdout.write(`${job.id}\n`)
    return stayWithJob(api, job, 0, stop, { ...flags, quiet: true })
  }
  process.stdout.write(`${flags.json === true ? JSON.stringify(job) : job.id}\n`)
  if (flags.json !== true) {
    process.stderr.write(`headway: ${isTerminal(job.status) ? `it is ${job.status}. ` : ''}To see it: ${comeBackCommand(job.id, flags)}\n`)
  }
  return 0
}
