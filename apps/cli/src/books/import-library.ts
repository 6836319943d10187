import { openPublicApi } from '../api/api.js'
import type { Api } from '../api/api.js'
import type { BookJobFlags } from '../commands/book-job-flags.js'
import { CommandError } from '../command-error.js'
import { openListFile } from '../compile/list-output.js'
import { EXIT } from '../exit-codes.js'
import { colorsFor } from '../text/colors.js'
import { count } from '../text/count.js'
import { flagDuration } from '../text/flag-duration.js'
import { runBookJob } from './book-job.js'
import { importedTable, importResultsSchema, importSummary } from './import-results.js'
import type { ImportResults } from './import-results.js'
import { csvOf, openResultsFile } from './output-files.js'
import type { ResultsFile } from './output-files.js'
import { readFileToSend } from './read-file.js'
import { say } from './say.js'
import { uploadLimits } from './upload-limits.js'

/** `headway import`. @returns the exit code @throws CommandError */
export async function importLibrary(path: string, flags: BookJobFlags): Promise<number> {
  flagDuration('--give-up-after', flags.giveUpAfter)
  checkMapping(flags.mapping)
  const out = await openResultsFile(flags.out)
  const failedRows = flags.failedRows === undefined ? undefined : await openListFile(flags.failedRows)
  const api = await openPublicApi(flags)
  const { csv_max_bytes: maxBytes } = await uploadLimits(api)
  const form = new FormData()
  if (flags.mapping !== undefined) form.set('mapping', flags.mapping)
  form.set('file', await readFileToSend(path, maxBytes))
  const finish = async (owner: Api, id: string, signal: AbortSignal): Promise<void> => {
    const { data } = await owner.request(`v3/jobs/imports/${id}/results`, importResultsSchema, { timeoutMs: RESULTS_TIMEOUT_MS, signal })
    say(importSummary(data, colorsFor(flags.json === true ? process.stderr : process.stdout, flags.color)), flags)
    if (out !== undefined) {
      await out.file.write(await resultsText(out, data), signal)
      say(`${many(data.results.length, 'book')} written to ${out.file.name}`, flags)
    }
    if (failedRows === undefined) return
    if (data.counts.failed === 0) return say(`No row failed: ${failedRows.name} is not written`, flags)
    const csv = await owner.bytes(`v3/jobs/imports/${id}/results/failed.csv`)
    await failedRows.write([Buffer.from(csv).toString()], signal)
    say(`${many(data.counts.failed, 'row')} to mend written to ${failedRows.name}`, flags)
  }
  try {
    return await runBookJob(api, { kind: 'imports', name: 'import', form, words: ['import', path], finish }, flags)
  } finally {
    await out?.file.close()
    await failedRows?.close()
  }
}

/** The results of a large library take a moment, in milliseconds. */
const RESULTS_TIMEOUT_MS = 120_000

async function resultsText({ format }: ResultsFile, { results, errors, counts }: ImportResults): Promise<string[]> {
  if (format === 'json') return [`${JSON.stringify({ counts, books: results, errors }, undefined, 2)}\n`]
  const { header, records } = importedTable({ results, errors, counts })
  return csvOf(header, records)
}

function many(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`
}

/** @throws CommandError */
function checkMapping(mapping: string | undefined): void {
  if (mapping === undefined) return
  try {
    const value: unknown = JSON.parse(mapping)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  } catch {
    // It is told below.
  }
  throw new CommandError(`--mapping is no JSON object; write {"title": "Buchtitel"}, for example.`, EXIT.usage)
}
