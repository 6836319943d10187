import type { Command } from 'commander'
import { addServerFlags } from './server-flags.js'
import { addWatchFlags, wholeNumber } from './watch-flags.js'
import type { WatchFlags } from './watch-flags.js'

/** `headway watch`: shows a job that is there already. */
export function addWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('Show a job until it ends, from its beginning')
    .argument('<job>', 'The id of the job, or the beginning of it')
    .option('--after <seq>', 'Only what comes after this event', wholeNumber, 0)
  addServerFlags(addWatchFlags(command)).action(async (job: string, flags: WatchFlags & { readonly after: number }) => {
    const { watchById } = await import('../watch/watch-by-id.js')
    process.exitCode = await watchById(job, flags)
  })
}
