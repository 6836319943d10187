import type { Command } from 'commander'
import { addServerFlags } from './server-flags.js'
import { addCreationFlags } from './watch-flags.js'
import type { CreationFlags } from './watch-flags.js'

/** `headway retry`: runs a finished job again. */
export function addRetry(program: Command): void {
  const command = program
    .command('retry')
    .description('Run a finished job again, as a new job')
    .argument('<job>', 'The id of the finished job, or the beginning of it')
  addServerFlags(addCreationFlags(command)).action(async (job: string, flags: CreationFlags) => {
    const { retryJob } = await import('../run/retry-job.js')
    process.exitCode = await retryJob(job, flags)
  })
}
