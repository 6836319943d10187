import { mkdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { CommandError } from '../command-error.js'
import { openListFile } from '../compile/list-output.js'
import type { ListOutput } from '../compile/list-output.js'
import { EXIT } from '../exit-codes.js'

/** How results are written. */
export type OutputFormat = 'json' | 'csv'

/** A file for results, which is there when they are. */
export interface ResultsFile {
  readonly format: OutputFormat
  readonly file: ListOutput
}

/** Opens the file of `--out`. @throws CommandError when its name says no format, or nothing can be written there */
export async function openResultsFile(path: string | undefined): Promise<ResultsFile | undefined> {
  if (path === undefined) return undefined
  const format = FORMATS[extname(path).toLowerCase()]
  if (format === undefined) throw new CommandError(`--out is "${path}"; its name must end with .json or .csv.`, EXIT.usage)
  return { format, file: await openListFile(path) }
}

const FORMATS: Readonly<Record<string, OutputFormat>> = { '.json': 'json', '.csv': 'csv' }

/** Records with their header, as CSV. */
export async function csvOf(header: readonly string[], records: readonly (readonly string[])[]): Promise<string[]> {
  const { CSV_MARK, csvText } = await import('@headway/books/import')
  return [CSV_MARK, csvText([header, ...records])]
}

/** Makes a folder for files. @throws CommandError */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EEXIST' || error.code === 'ENOTDIR' ? 'there is a file of this name' : (error.code ?? error.message)
    throw new CommandError(`${path} can't be a folder for the photos: ${reason}.`, EXIT.usage)
  })
}

/** Writes a file into a folder. @returns its path */
export async function writeInto(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}
