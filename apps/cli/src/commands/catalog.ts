import { Argument, Option } from 'commander'
import type { Command } from 'commander'
import { EXIT } from '../exit-codes.js'
import { addSettingFlags } from '../settings/options.js'

export const INGEST_FORMATS = ['openlibrary', 'calibre', 'marc'] as const

export interface IngestFlags extends Readonly<Record<string, unknown>> {
  readonly format?: (typeof INGEST_FORMATS)[number]
  readonly quiet?: boolean
  readonly color?: boolean
}

export interface SearchFlags extends Readonly<Record<string, unknown>> {
  readonly limit: string
}

const INGEST_HELP = `
Files may be compressed with gzip. What is stopped, or killed, goes on where it was when the same command is given again; a file that is complete
is not read a second time. The server may run meanwhile. Open Library's dumps (https://openlibrary.org/developers/dumps) may come in any order.

Exit codes: ${EXIT.completed} all files are in the catalog, ${EXIT.failed} at least one could not be read to its end, ${EXIT.usage} none is there, or wrong use, ${EXIT.cancelled} stopped with Ctrl-C.

Examples:
  headway catalog ingest ol_dump_authors_latest.txt.gz ol_dump_works_latest.txt.gz ol_dump_editions_latest.txt.gz
  headway catalog ingest --format calibre library.csv`

/** `headway catalog`: the books that the server knows by itself. */
export function addCatalog(program: Command): void {
  const catalog = program.command('catalog').description('The books that are known without asking anybody')
  const ingest = catalog
    .command('ingest')
    .description('Take in dumps of Open Library, a CSV of Calibre, or MARC 21')
    .argument('<file...>', 'The files')
    .addOption(new Option('--format <format>', 'What the files are; by default as they look').choices(INGEST_FORMATS))
    .option('--quiet', 'Say only what went wrong')
    .addOption(new Option('--color', 'Colours even where the output is no terminal (FORCE_COLOR)').hideHelp())
    .option('--no-color', 'No colours (NO_COLOR)')
    .addHelpText('after', INGEST_HELP)
    .action(async (files: string[], flags: IngestFlags) => {
      const { runIngest } = await import('../catalog/run-ingest.js')
      process.exitCode = await runIngest(files, flags)
    })
  const info = catalog
    .command('info')
    .description('Show how many editions there are, and which files were taken in')
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const { showInfo } = await import('../catalog/show-info.js')
      await showInfo(flags)
    })
  const search = catalog
    .command('search')
    .description('Look up books by their words, or one by its ISBN; in the catalog of this data folder, without a server')
    .addArgument(new Argument('<text...>', 'Title, author, subject or ISBN'))
    .option('--limit <number>', 'Books to show at most', '10')
    .action(async (words: string[], flags: SearchFlags) => {
      const { searchCatalog } = await import('../catalog/search-catalog.js')
      await searchCatalog(words.join(' '), flags)
    })
  for (const command of [ingest, info, search]) addSettingFlags(command, ['booksCatalog', 'data'])
}
