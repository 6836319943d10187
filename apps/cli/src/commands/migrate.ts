import type { Command } from 'commander'
import { addSettingFlags } from '../settings/options.js'

/** `headway migrate`: brings the schema of the database up to date. */
export function addMigrate(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('Bring the schema of the database up to date, ahead of the servers that need it, and end')
  addSettingFlags(migrate, ['data', 'store', 'storeSchema', 'storeListen']).action(async (flags: Record<string, unknown>) => {
    const { runMigrate } = await import('../store/run-migrate.js')
    process.stdout.write(await runMigrate(flags))
  })
}
