import type { Command } from 'commander'
import type { JobRequest } from '@headway/protocol'
import type { ServerFlags } from '../api/server-choice.js'
import { addServerFlags } from './server-flags.js'

export interface ControlFlags extends ServerFlags {
  readonly reason?: string
  readonly wait: boolean
  readonly timeout: string
  readonly json?: boolean
}

const REQUESTS: Readonly<Record<JobRequest, string>> = {
  cancel: 'Stop a job for good, with everything that it started',
  pause: 'Hold a job until it is resumed',
  resume: 'Let a paused job go on',
}

/** `headway cancel`, `pause` and `resume`. */
export function addControl(program: Command): void {
  for (const [request, description] of Object.entries(REQUESTS) as [JobRequest, string][]) {
    const command = program
      .command(request)
      .description(description)
      .argument('<job>', 'The id of the job, or the beginning of it')
      .option('--reason <text>', 'Why; it stands in the log of the job')
      .option('--no-wait', 'Ask for it, and do not wait until it is so')
      .option('--timeout <time>', 'How long to wait until it is so', '1m')
      .option('--json', 'The job as JSON')
    addServerFlags(command).action(async (job: string, flags: ControlFlags) => {
      const { controlJob } = await import('../run/control-job.js')
      process.exitCode = await controlJob(job, request, flags)
    })
  }
}
