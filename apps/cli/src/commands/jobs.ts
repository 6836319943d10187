import type { Command } from 'commander'
import type { ServerFlags } from '../api/server-choice.js'
import { addServerFlags } from './server-flags.js'
import { wholeNumber } from './watch-flags.js'

export interface JobsFlags extends ServerFlags {
  readonly type?: string
  readonly status?: string
  readonly text?: string
  readonly limit: number
  readonly cursor?: string
  readonly json?: boolean
}

/** `headway jobs`: lists jobs. */
export function addJobs(program: Command): void {
  const command = program
    .command('jobs')
    .description('List jobs, newest first')
    .option('--type <types>', 'Only these types, with commas between them')
    .option('--status <statuses>', 'Only these: queued, running, paused, completed, failed, cancelled')
    .option('--text <text>', 'Only jobs with this text in their parameters, id or type')
    .option('--limit <number>', 'How many at most, 1 to 200', wholeNumber, 20)
    .option('--cursor <cursor>', 'Go on where an earlier list ended')
    .option('--json', 'The page as JSON, as the server gave it')
  addServerFlags(command).action(async (flags: JobsFlags) => {
    const { listJobs } = await import('../jobs/list-jobs.js')
    await listJobs(flags)
  })
}
