import type { Command } from 'commander'
import { addSettingFlags } from '../settings/options.js'

/** `headway serve`: runs until SIGTERM or SIGINT. */
export function addServe(program: Command): void {
  const serve = program
    .command('serve')
    .description('Run the server')
    .option('--api-only', 'Serve the API and run no jobs: other nodes of the same database do ("headway work", "headway serve")')
  addSettingFlags(serve).action(async (flags: Record<string, unknown>) => {
    const { startHeadway } = await import('../start-headway.js')
    await startHeadway({ flags, role: { api: true, work: flags['apiOnly'] === true ? 'none' : 'all' } })
  })
}
