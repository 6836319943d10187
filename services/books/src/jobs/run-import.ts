import { JobFailure } from '@headway/core'
import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import { addCounts, failedRowsCsv, ImportError, NO_COUNTS, NO_ROWS, openInThread } from '../import/index.js'
import type { ImportCounts, RowOutcome } from '../import/index.js'
import { fillFromProviders } from './fill-from-providers.js'
import type { ImportInput } from './import-input.js'
import type { ImportParts } from './import-job-type.js'
import { ItemWriter } from './item-writer.js'
import type { NewItem } from './item.js'
import { bytesOf, putJsonList } from './json-list.js'
import { readWhole } from './read-whole.js'
import type { ImportResult } from './result.js'

/** The row that a job told last. */
const savedSchema = z.looseObject({ row: z.int().nonnegative() })

/** Imports a file. @throws JobFailure where the file is none that can be imported */
export async function runImport(input: ImportInput, ctx: JobContext, parts: ImportParts): Promise<ImportResult> {
  try {
    return await importRows(input, ctx, parts)
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (!(error instanceof ImportError)) throw error
    const details = error.details === undefined ? {} : { details: error.details }
    throw new JobFailure(error.code, error.message, { cause: error, retryable: false, ...details })
  }
}

/** An import that is taken up again reads its file again, and tells only the rows that it had not told: the results have all of them. */
async function importRows({ text, file, mapping }: ImportInput, ctx: JobContext, parts: ImportParts): Promise<ImportResult> {
  const { enricher } = await parts.library.get()
  const source = file === undefined ? Buffer.from(text ?? '') : await readWhole(ctx.blobs, file)
  const { catalogPath, maxRows, askColumns } = parts
  const library = await openInThread(source, { catalogPath, maxRows, mapping, askColumns, signal: ctx.signal })
  try {
    const { inspected } = library
    const items = new ItemWriter(ctx, inspected.rows)
    const toldRow = savedSchema.safeParse(ctx.saved).data?.row ?? 0
    await items.begin()
    const collected = new Collected()
    for await (const read of library.outcomes()) {
      const batch = await fillFromProviders(read, enricher, ctx.signal)
      collected.add(batch)
      for (const outcome of batch) if (outcome.row > toldRow) await items.write(itemOf(outcome), { row: outcome.row })
      await ctx.pausePoint()
    }
    await items.end()
    return await collected.store(ctx, inspected.header)
  } finally {
    await library.close()
  }
}

/** What the results of an import are made of. It holds no more than the file has. */
class Collected {
  readonly #books: string[] = []
  readonly #errors: string[] = []
  readonly #failed: RowOutcome[] = []
  #counts: ImportCounts = NO_COUNTS

  add(batch: readonly RowOutcome[]): void {
    this.#counts = addCounts(this.#counts, batch)
    for (const { kind, book, errors } of batch) {
      if (kind === 'imported' && book !== undefined) this.#books.push(JSON.stringify(book))
      for (const error of errors) this.#errors.push(JSON.stringify(error))
    }
    this.#failed.push(...batch.filter(({ kind }) => kind === 'failed'))
  }

  async store(ctx: JobContext, header: readonly string[]): Promise<ImportResult> {
    const counts = this.#counts
    const books = await putJsonList(ctx.blobs, this.#books)
    if (counts.rows === counts.blank) this.#errors.push(JSON.stringify(NO_ROWS))
    return {
      results: books,
      books,
      total: counts.rows,
      found: counts.imported,
      counts: { ...counts },
      errors: await putJsonList(ctx.blobs, this.#errors),
      ...(counts.failed > 0 && { failedRows: await ctx.blobs.put(bytesOf(failedRowsCsv(header, [this.#failed]))) }),
    }
  }
}

function itemOf({ row, kind, book, duplicateOf, errors }: RowOutcome): NewItem {
  const shown = kind === 'imported' ? book : undefined
  const isbn = book?.isbn13
  return {
    title: book?.title || (isbn ? `ISBN ${isbn}` : `Row ${row}`),
    ...(isbn && { isbn }),
    ...(shown !== undefined && { book: withoutRaw(shown) }),
    detail: {
      row,
      outcome: kind,
      ...(duplicateOf !== undefined && { duplicateOf }),
      ...(errors.length > 0 && { errors: errors as unknown as Json }),
    },
  }
}

/** The record as it is in the file is for the results. */
function withoutRaw(book: NonNullable<RowOutcome['book']>): NonNullable<NewItem['book']> {
  return { ...book, raw: undefined } as unknown as NonNullable<NewItem['book']>
}
