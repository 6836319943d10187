import { JobFailure } from '@headway/core'
import type { BlobRef, JobContext, JobType, ServerKey } from '@headway/core'
import { z } from 'zod'
import type { Lazy } from '../lazy.js'
import type { PhotoScanner } from '../scan/photo-scanner.js'
import { ScanError } from '../scan/scan-error.js'
import type { ScanEvent, ScanResult as FoundBook } from '../scan/types.js'
import { booksJob } from './books-job.js'
import { ItemWriter } from './item-writer.js'
import type { NewItem } from './item.js'
import { putJsonList } from './json-list.js'
import { SCAN_JOB_TYPE } from './names.js'
import { readWhole } from './read-whole.js'
import type { ScanResult } from './result.js'
import { scanInputSchema } from './scan-input.js'
import type { ScanInput } from './scan-input.js'
import { sealedInput } from './sealed-input.js'

/** How many of its events a scan has told. */
const savedSchema = z.looseObject({ told: z.int().nonnegative() })

/** The job type of photos of a shelf. One at a time: it uses all the processor that it gets. */
export function scanJobType(scanner: Lazy<PhotoScanner>, key: Lazy<ServerKey>): JobType {
  return booksJob({
    name: SCAN_JOB_TYPE,
    description: 'Reads books off photos of a shelf',
    input: sealedInput(scanInputSchema, ['photos'], key),
    concurrency: 1,
    run: async (input, ctx) => {
      try {
        return await runScan(input, ctx, await scanner.get())
      } catch (error) {
        ctx.signal.throwIfAborted()
        if (!(error instanceof ScanError)) throw error
        throw new JobFailure(error.code, error.message, { cause: error, retryable: error.retryable })
      }
    },
  })
}

/** A scan that is taken up again looks at the photos again, and tells only what it had not told: the same photos give the same events. */
async function runScan({ photos }: ScanInput, ctx: JobContext, scanner: PhotoScanner): Promise<ScanResult> {
  const bytes: Uint8Array[] = []
  for (const photo of photos) bytes.push(await readWhole(ctx.blobs, photo))
  const items = new ItemWriter(ctx, 0)
  const known = savedSchema.safeParse(ctx.saved).data?.told ?? 0
  const errors: ScanResult['errors'] = []
  let results: readonly FoundBook[] = []
  let told = 0
  for await (const event of scanner.scan(bytes, ctx.signal)) {
    await ctx.pausePoint()
    if (event.type === 'results') results = event.results
    if (event.type === 'photo_failed') errors.push({ photo: event.photo, code: event.code, message: event.message })
    const item = itemOf(event, photos.length)
    if (item === undefined) continue
    if (event.type === 'spine' && event.index === 0) items.total = Math.max(items.total, items.done) + event.spines
    told += 1
    if (told <= known) continue
    await (event.type === 'spine' ? items.write(item, { told }) : items.step(item, { told }))
  }
  await items.end()
  return resultOf(ctx, results, errors, await annotated(ctx, scanner, bytes, results, errors))
}

async function resultOf(
  ctx: JobContext,
  results: readonly FoundBook[],
  errors: ScanResult['errors'],
  pictures: ScanResult['annotated'],
): Promise<ScanResult> {
  const books = results.filter(({ title, duplicateOf }) => title !== null && duplicateOf === undefined)
  return {
    results: await putJsonList(
      ctx.blobs,
      results.map((result) => JSON.stringify(result)),
    ),
    books: await putJsonList(
      ctx.blobs,
      books.map((book) => JSON.stringify({ ...book, isbn: book.isbn ?? '' })),
    ),
    total: results.length,
    found: books.length,
    annotated: pictures,
    errors,
  }
}

async function annotated(
  ctx: JobContext,
  scanner: PhotoScanner,
  photos: readonly Uint8Array[],
  results: readonly FoundBook[],
  errors: ScanResult['errors'],
): Promise<ScanResult['annotated']> {
  const pictures: (BlobRef | null)[] = []
  for (const [index, photo] of photos.entries()) {
    const isReadable = !errors.some((error) => error.photo === index)
    const own = results.filter((result) => result.photo === index)
    pictures.push(isReadable ? await ctx.blobs.put(once(await scanner.annotate(photo, own))) : null)
  }
  return pictures.map((picture) => (picture === null ? null : { ...picture }))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** What an event tells; undefined for those that are for the result. */
function itemOf(event: ScanEvent, photos: number): NewItem | undefined {
  const part = (within: number): number => Math.min(1, ('photo' in event ? event.photo + within : 0) / photos)
  const title = 'photo' in event ? `Photo ${event.photo + 1} of ${photos}` : ''
  switch (event.type) {
    case 'spine': {
      const { result, spines, index, photo } = event
      const isbn = result.isbn === null ? {} : { isbn: result.isbn }
      const name = result.title ?? (result.text === '' ? 'A book without a readable title' : result.text)
      const book =
        result.title === null
          ? {}
          : { book: { ...result, authors: [...result.authors], isbn: result.isbn ?? '' } as unknown as NewItem['book'] & object }
      const { text, confidence } = result
      return {
        title: name,
        ...isbn,
        ...book,
        progress: part((index + 1) / spines),
        detail: { photo, text, confidence, found: result.title !== null },
      }
    }
    case 'photo_started':
      return { title, progress: part(0), detail: { photo: event.photo, step: 'started' } }
    case 'photo_detected':
      return { title, progress: part(0), detail: { photo: event.photo, step: 'detected', lines: event.lines } }
    case 'photo_done':
      return { title, progress: part(1), detail: { photo: event.photo, step: 'done', spines: event.spines, titles: event.titles } }
    case 'photo_failed':
      return {
        title,
        progress: part(1),
        detail: { photo: event.photo, step: 'failed', error: { code: event.code, message: event.message } },
      }
    case 'lines_read':
    case 'results':
      return undefined
  }
}
