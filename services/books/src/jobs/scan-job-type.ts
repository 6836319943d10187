import { JobFailure } from '@headway/core'
import type { JobContext, JobType, ServerKey } from '@headway/core'
import type { Lazy } from '../lazy.js'
import type { PhotoScanner } from '../scan/photo-scanner.js'
import { ScanError } from '../scan/scan-error.js'
import type { ScanResult as FoundBook } from '../scan/types.js'
import { booksJob } from './books-job.js'
import { ItemWriter } from './item-writer.js'
import { putJsonList } from './json-list.js'
import { SCAN_JOB_TYPE } from './names.js'
import { readWhole } from './read-whole.js'
import type { ScanResult } from './result.js'
import { scanInputSchema } from './scan-input.js'
import type { ScanInput } from './scan-input.js'
import { ScanTeller } from './scan-teller.js'
import { sealedInput } from './sealed-input.js'

/** The job type of photos of a shelf. One at a time: it uses all the processor that it gets. */
export function scanJobType(scanner: Lazy<PhotoScanner>, key: Lazy<ServerKey>): JobType {
  return booksJob({
    name: SCAN_JOB_TYPE,
    title: 'Shelf scan',
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

/** A scan that is taken up again looks at the photos only that it had not read. */
async function runScan({ photos }: ScanInput, ctx: JobContext, scanner: PhotoScanner): Promise<ScanResult> {
  const bytes: Uint8Array[] = []
  for (const photo of photos) bytes.push(await readWhole(ctx.blobs, photo))
  const items = new ItemWriter(ctx, 0)
  const teller = new ScanTeller(ctx, items, photos.length)
  const read = await teller.goOn()
  for await (const event of scanner.scan(bytes, ctx.signal, { photos: read, results: teller.results })) {
    await ctx.pausePoint()
    await teller.take(event)
  }
  await items.end()
  const { results, errors } = teller
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

/** The photos with what was found in them. All is told by then: a picture that can't be drawn is none. */
async function annotated(
  ctx: JobContext,
  scanner: PhotoScanner,
  photos: readonly Uint8Array[],
  results: readonly FoundBook[],
  errors: ScanResult['errors'],
): Promise<ScanResult['annotated']> {
  const pictures: ScanResult['annotated'] = []
  for (const [index, photo] of photos.entries()) {
    await ctx.pausePoint()
    const isReadable = !errors.some((error) => error.photo === index)
    const own = results.filter((result) => result.photo === index)
    const picture = isReadable ? await drawn(scanner, photo, own) : null
    pictures.push(picture === null ? null : { ...(await ctx.blobs.put(once(picture))) })
  }
  return pictures
}

async function drawn(scanner: PhotoScanner, photo: Uint8Array, results: readonly FoundBook[]): Promise<Uint8Array | null> {
  try {
    return await scanner.annotate(photo, results)
  } catch (error) {
    if (error instanceof ScanError) return null
    throw error
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
