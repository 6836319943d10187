import { openPublicApi } from '../api/api.js'
import type { Api } from '../api/api.js'
import { RefusedError } from '../api/errors.js'
import type { BookJobFlags } from '../commands/book-job-flags.js'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { shortBytes } from '../text/bytes.js'
import { colorsFor } from '../text/colors.js'
import { flagDuration } from '../text/flag-duration.js'
import { runBookJob } from './book-job.js'
import { csvOf, makeFolder, openResultsFile, writeInto } from './output-files.js'
import type { ResultsFile } from './output-files.js'
import { readFileToSend } from './read-file.js'
import { say } from './say.js'
import { scannedTable, scanResultsSchema, scanSummary } from './scan-results.js'
import type { ScanResults } from './scan-results.js'
import { uploadLimits } from './upload-limits.js'
import type { UploadLimits } from './upload-limits.js'

/** `headway scan`. @returns the exit code @throws CommandError */
export async function scanPhotos(paths: readonly string[], flags: BookJobFlags): Promise<number> {
  flagDuration('--give-up-after', flags.giveUpAfter)
  const out = await openResultsFile(flags.out)
  const api = await openPublicApi(flags)
  const form = await formOf(paths, await uploadLimits(api))
  const { annotated } = flags
  if (annotated !== undefined) await makeFolder(annotated)
  const finish = async (owner: Api, id: string, signal: AbortSignal): Promise<void> => {
    const { data } = await owner.request(`v3/jobs/scans/${id}/results`, scanResultsSchema, { signal })
    say(scanSummary(data, paths, colorsFor(flags.json === true ? process.stderr : process.stdout, flags.color)), flags)
    if (out !== undefined) {
      await out.file.write(await resultsText(out, data), signal)
      say(`Written to ${out.file.name}`, flags)
    }
    if (annotated !== undefined) await fetchAnnotated(owner, id, paths, annotated, flags)
  }
  try {
    return await runBookJob(api, { kind: 'scans', name: 'scan', form, words: ['scan', ...paths], finish }, flags)
  } finally {
    await out?.file.close()
  }
}

/** @throws CommandError for photos that the server would not take */
async function formOf(paths: readonly string[], limits: UploadLimits): Promise<FormData> {
  const { batch_max_photos: most, photo_max_bytes: maxBytes, photos_max_bytes: maxTotal = Infinity } = limits
  if (most !== undefined && paths.length > most) {
    throw new CommandError(`These are ${paths.length} photos; the server takes ${most} at a time.`, EXIT.usage)
  }
  const form = new FormData()
  let total = 0
  for (const path of paths) {
    const photo = await readFileToSend(path, maxBytes)
    total += photo.size
    if (total > maxTotal)
      throw new CommandError(`The photos together have more than the ${shortBytes(maxTotal)} that the server takes.`, EXIT.usage)
    form.append('photos[]', photo)
  }
  return form
}

async function resultsText({ format }: ResultsFile, data: ScanResults): Promise<string[]> {
  if (format === 'json') return [`${JSON.stringify(data, undefined, 2)}\n`]
  const { header, records } = scannedTable(data)
  return csvOf(header, records)
}

/** The pictures of the photos that could be read. */
async function fetchAnnotated(api: Api, id: string, paths: readonly string[], folder: string, flags: BookJobFlags): Promise<void> {
  for (const photo of paths.keys()) {
    try {
      const name = `${photo}.jpg`
      const path = await writeInto(folder, name, await api.bytes(`v3/jobs/scans/${id}/results/annotated/${name}`))
      say(`${paths[photo]} with what was found: ${path}`, flags)
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 404) throw error
    }
  }
}
