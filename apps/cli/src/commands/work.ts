import type { Command } from 'commander'
import { addSettingFlags } from '../settings/options.js'

/** `headway work`: runs jobs until SIGTERM or SIGINT. */
export function addWork(program: Command): void {
  const work = program
    .command('work')
    .description('Run jobs, for servers that share a database; answers only /health and /metrics')
    .option('--types <list>', 'Jobs of these types alone, with commas between them; by default of all')
  addSettingFlags(work).action(async (flags: Record<string, unknown> & { readonly types?: string }) => {
    const [{ startHeadway }, { typesOfFlag }] = await Promise.all([import('../start-headway.js'), import('../node-role.js')])
    await startHeadway({ flags, role: { api: false, work: typesOfFlag(flags.types) } })
  })
}
