import type { JobType, ServerKey } from '@headway/core'
import type { AskColumns } from '../import/index.js'
import type { Lazy } from '../lazy.js'
import type { Library } from '../library.js'
import { booksJob } from './books-job.js'
import { importInputSchema } from './import-input.js'
import { IMPORT_JOB_TYPE } from './names.js'
import { sealedInput } from './sealed-input.js'

/** So many files are read at a time, each in a thread. */
const MAX_JOBS = 4

export interface ImportParts {
  readonly library: Lazy<Library>
  readonly catalogPath: string
  readonly maxRows: number
  /** Who names columns that nobody can recognise. */
  readonly askColumns?: AskColumns
}

/** The job type of a CSV file. Every row is an event. */
export function importJobType(parts: ImportParts, key: Lazy<ServerKey>): JobType {
  return booksJob({
    name: IMPORT_JOB_TYPE,
    title: 'Library import',
    description: 'Imports a library from a CSV file',
    input: sealedInput(importInputSchema, ['file'], key),
    concurrency: MAX_JOBS,
    run: async (input, ctx) => {
      // Loaded with the first import: most servers start for something else.
      const { runImport } = await import('./run-import.js')
      return runImport(input, ctx, parts)
    },
  })
}
