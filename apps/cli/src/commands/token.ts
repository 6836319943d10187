import type { Command } from 'commander'
import type { ServerFlags } from '../api/server-choice.js'
import { addServerFlags } from './server-flags.js'

export interface TokenFlags extends ServerFlags {
  readonly json?: boolean
}

/** `headway token`: a URL that reads one job without a key. */
export function addToken(program: Command): void {
  const command = program
    .command('token')
    .description("Make a URL that reads one job's log, and nothing else, without a key")
    .argument('<job>', 'The id of the job, or the beginning of it')
    .option('--json', 'The URL and its end as JSON')
  addServerFlags(command).action(async (job: string, flags: TokenFlags) => {
    const { makeTicket } = await import('../jobs/make-ticket.js')
    await makeTicket(job, flags)
  })
}
