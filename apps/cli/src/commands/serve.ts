import type { Command } from 'commander'
import { addSettingFlags } from '../settings/options.js'
import { startHeadway } from '../start-headway.js'

/** `headway serve`: runs until SIGTERM or SIGINT. */
export function addServe(program: Command): void {
  addSettingFlags(program.command('serve').description('Run the server')).action(async (flags: Record<string, unknown>) => {
    await startHeadway({ flags })
  })
}
