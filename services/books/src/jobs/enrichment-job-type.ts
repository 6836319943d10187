import { setMaxListeners } from 'node:events'
import type { Engine, JobContext, JobType, ServerKey } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import type { Lazy } from '../lazy.js'
import type { Library } from '../library.js'
import type { Answer } from '../providers/index.js'
import { booksJob } from './books-job.js'
import { enrichmentInputSchema } from './enrichment-input.js'
import type { AskedBook, EnrichmentInput } from './enrichment-input.js'
import { IndexSet } from './index-set.js'
import { ItemWriter } from './item-writer.js'
import type { Item } from './item.js'
import { putJsonList } from './json-list.js'
import { ENRICHMENT_JOB_TYPE } from './names.js'
import { itemsOf } from './own-items.js'
import type { EnrichmentResult } from './result.js'
import { queryOf } from './queries.js'
import { sealedInput } from './sealed-input.js'

/** What of an item's detail the result needs. */
const detailSchema = z.looseObject({ index: z.int().nonnegative() })

const savedSchema = z.looseObject({ answered: z.string() })

/** So many jobs are looked after at a time: they mostly wait for providers, whose limits are shared by all. */
const MAX_JOBS = 200

export interface EnrichmentParts {
  readonly library: Lazy<Pick<Library, 'enricher'>>
  /** There once the service belongs to a server. */
  readonly engine: () => Pick<Engine, 'read'>
  /** How many books one job may have. */
  readonly maxBatch: number
}

/** The job type of a batch of books to look up. Each answer is an event as soon as it is known. */
export function enrichmentJobType(parts: EnrichmentParts, key: Lazy<ServerKey>): JobType {
  const input = enrichmentInputSchema(parts.maxBatch)
  return booksJob({
    name: ENRICHMENT_JOB_TYPE,
    title: 'Look up books',
    description: 'Looks up a batch of books',
    input: sealedInput(input, [], key),
    shownInput: input.omit({ owner: true, seal: true }),
    concurrency: MAX_JOBS,
    light: true,
    run: async (input, ctx) => runEnrichment(input, ctx, parts),
  })
}

async function runEnrichment({ books }: EnrichmentInput, ctx: JobContext, { library, engine }: EnrichmentParts): Promise<EnrichmentResult> {
  const { enricher } = await library.get()
  setMaxListeners(0, ctx.signal)
  const saved = savedSchema.safeParse(ctx.saved).data
  const answered = IndexSet.of(books.length, saved?.answered)
  const items = new ItemWriter(ctx, books.length)
  await items.begin()
  const open = books.flatMap((book, index) => (answered.has(index) ? [] : [{ book, index }]))
  const queries = open.map(({ book }) => queryOf(book))
  for await (const answer of enricher.enrich(queries, { signal: ctx.signal })) {
    await ctx.pausePoint()
    const asked = open[answer.index]
    if (asked === undefined) continue
    const { book, index } = asked
    answered.add(index)
    const { title, isbn } = nameOf(book, answer)
    const shown = answer.found && answer.book !== undefined ? { book: { ...answer.book } } : {}
    await items.write(
      { title, ...(isbn !== undefined && { isbn }), ...shown, detail: detailOf(index, book, answer) },
      { answered: answered.text },
    )
  }
  await items.end()
  return resultOf(books, ctx, engine())
}

/** The log is what was said: the result is made of it, also of what an earlier attempt found. */
async function resultOf(books: readonly AskedBook[], ctx: JobContext, engine: Pick<Engine, 'read'>): Promise<EnrichmentResult> {
  const results = books.map(() => 'null')
  const found: string[] = []
  for await (const { detail, book } of itemsOf(engine, ctx.id)) {
    const { index, ...rest } = detailSchema.parse(detail)
    results[index] = JSON.stringify({ ...rest, ...(book !== undefined && { book }) })
    if (book !== undefined) found.push(JSON.stringify(book))
  }
  return {
    results: await putJsonList(ctx.blobs, results),
    books: await putJsonList(ctx.blobs, found),
    total: books.length,
    found: found.length,
  }
}

function detailOf(index: number, query: AskedBook, { found, confidence, candidates, error }: Answer): Item['detail'] {
  return {
    index,
    query: { ...query },
    found,
    confidence,
    ...(candidates !== undefined && candidates.length > 0 && { candidates: candidates as unknown as Json }),
    ...(error !== undefined && { error: { ...error } }),
  }
}

function nameOf(asked: AskedBook, { book, found }: Answer): { readonly title: string; readonly isbn: string | undefined } {
  const isbn = (found ? book?.isbn : undefined) ?? asked.isbn
  return { title: (found ? book?.title : undefined) ?? asked.title ?? `ISBN ${asked.isbn}`, isbn: isbn === '' ? undefined : isbn }
}
