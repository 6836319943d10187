import type { Command } from 'commander'
import { addSettingFlags } from '../settings/options.js'

/** `headway serve`: runs until SIGTERM or SIGINT. */
export function addServe(program: Command): void {
  addSettingFlags(program.command('serve').description('Run the server')).action(async (flags: Record<string, unknown>) => {
    const { startHeadway } = await import('../start-headway.js')
    await startHeadway({ flags })
  })
}
