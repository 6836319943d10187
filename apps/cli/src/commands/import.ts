import type { Command } from 'commander'
import { addBookJobFlags } from './book-job-flags.js'
import type { BookJobFlags } from './book-job-flags.js'

/** `headway import`: a library from a CSV file. */
export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description('Import a library of books from a CSV file')
    .argument(
      '<file>',
      'The export of Goodreads, StoryGraph, LibraryThing, Calibre, Libib, or any CSV file with a column of titles or ISBNs',
    )
    .option('--failed-rows <file>', 'Where the rows that failed go, as CSV to mend and import again')
    .option('--mapping <json>', 'Which column has what, where it is not recognised: {"title": "Buchtitel"}')
  addBookJobFlags(command).action(async (file: string, flags: BookJobFlags) => {
    const { importLibrary } = await import('../books/import-library.js')
    process.exitCode = await importLibrary(file, flags)
  })
}
