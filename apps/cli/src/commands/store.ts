import type { Command } from 'commander'
import { EXIT } from '../exit-codes.js'
import { addSettingFlags } from '../settings/options.js'

export interface CopyFlags extends Readonly<Record<string, unknown>> {
  readonly quiet?: boolean
  readonly color?: boolean
}

const COPY_HELP = `
A store is sqlite:FOLDER (a data folder), sqlite: (that of HEADWAY_DATA) or postgres://USER@HOST/DATABASE, with the password in PGPASSWORD.
Everything goes: jobs of all statuses with their whole logs, checkpoints, idempotency keys, figures, key-value entries and blobs. Then both
stores are read and compared: each job, each log by its hash, each entry, each blob by its SHA-256. The source stays as it is.

No server may use either store meanwhile: stop them with SIGTERM and wait for their end. The target must be empty. A copy that was interrupted
begins anew when the same command is given again; until one is complete, no server starts on the target.
Not in a store, so not copied: admin-key and catalog.sqlite in a data folder. Its caches are made again.

Exit codes: ${EXIT.completed} copied, and found to be the same; ${EXIT.failed} not; ${EXIT.usage} wrong use; ${EXIT.cancelled} stopped with Ctrl-C.

Examples:
  headway store copy sqlite:./data postgres://headway@db.example.com/headway
  headway store copy postgres://headway@db.example.com/headway sqlite:./copy`

/** `headway store`: what can be done with a store that no server uses. */
export function addStore(program: Command): void {
  const store = program.command('store').description('The database that jobs are kept in')
  const copy = store
    .command('copy')
    .description('Copy everything to another, empty store, and compare the two')
    .argument('<from>', 'The store that is copied')
    .argument('<to>', 'The empty store')
    .option('--quiet', 'Say only what went wrong')
    .option('--no-color', 'No colours (NO_COLOR)')
    .addHelpText('after', COPY_HELP)
    .action(async (from: string, to: string, flags: CopyFlags) => {
      const { runCopy } = await import('../store/run-copy.js')
      process.exitCode = await runCopy(from, to, flags)
    })
  addSettingFlags(copy, ['data', 'storeSchema', 'storeConnections', 'storeMigrate', 'blobDatabaseMax', 'blobBucket'])
}
