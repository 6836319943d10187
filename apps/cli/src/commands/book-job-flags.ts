import type { Command } from 'commander'
import { addServerFlags } from './server-flags.js'
import { addWatchFlags } from './watch-flags.js'
import type { WatchFlags } from './watch-flags.js'

/** Flags of the commands that send files of books, and stay with what becomes of them. */
export interface BookJobFlags extends WatchFlags {
  readonly idempotencyKey?: string
  readonly cancelOnExit?: boolean
  readonly out?: string
  /** Of an import. */
  readonly failedRows?: string
  readonly mapping?: string
  /** Of a scan. */
  readonly annotated?: string
}

export function addBookJobFlags(command: Command): Command {
  return addServerFlags(
    addWatchFlags(
      command
        .option('--out <file>', 'Where the books go: a name that ends with .json or .csv')
        .option('--idempotency-key <key>', 'However often the command is run with this key, there is one job')
        .option('--cancel-on-exit', 'Ctrl-C cancels the job instead of leaving it'),
    ),
  )
}
