import { JobFailure } from '@headway/core'
import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import { ImportError, openInThread } from '../import/index.js'
import type { AskColumns, Mapping, RowOutcome } from '../import/index.js'
import { Collected } from './collected.js'
import { fillFromProviders } from './fill-from-providers.js'
import type { ImportInput } from './import-input.js'
import type { ImportParts } from './import-job-type.js'
import { ItemWriter } from './item-writer.js'
import type { NewItem } from './item.js'
import { readWhole } from './read-whole.js'
import type { ImportResult } from './result.js'

/** The row that a job told last, and the columns that somebody was asked for: another answer would make other books of the rows that follow. */
const savedSchema = z.looseObject({ row: z.int().nonnegative(), guessed: z.record(z.string(), z.string().nullable()).optional() })

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
  const saved = savedSchema.safeParse(ctx.saved).data
  let guessed: Mapping | undefined = saved?.guessed
  const ask: AskColumns = async (...question) => (guessed ??= await askColumns?.(...question))
  const library = await openInThread(source, { catalogPath, maxRows, mapping, askColumns: ask, signal: ctx.signal })
  const collected = new Collected(ctx.blobs, library.inspected.header)
  try {
    const items = new ItemWriter(ctx, library.inspected.rows)
    const toldRow = saved?.row ?? 0
    await items.begin()
    for await (const read of library.outcomes()) {
      const batch: RowOutcome[] = []
      for await (const outcome of fillFromProviders(read, enricher, ctx.signal)) {
        batch.push(outcome)
        const { row } = outcome
        if (row > toldRow) await items.write(itemOf(outcome), { row, ...(guessed && { guessed }) })
      }
      await collected.add(batch)
      await ctx.pausePoint()
    }
    await items.end()
    return await collected.end()
  } finally {
    await Promise.all([library.close(), collected.close()])
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
