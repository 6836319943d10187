import { join } from 'node:path'
import { z } from 'zod'
import { DiskCache } from '../disk-cache/index.js'
import { hashOfJson } from './hash-of-json.js'
import { compileMetricsSchema } from './compile-result.js'
import { keptLoadSchema } from './kept-loads.js'

/** The names of a compiled list's files. */
export const RULES_FILE = 'rules'
export const TEXT_FILE = 'text'

/** What is kept of a compiled list beside its files. */
const keptListSchema = z.object({
  /** Of this result: the same for every copy of it. */
  id: z.string(),
  ruleCount: z.int().nonnegative(),
  metrics: compileMetricsSchema,
  compiledAt: z.iso.datetime(),
  /** Everything that was loaded, with the SHA-256 of its content. */
  loads: z.array(keptLoadSchema),
})
export type KeptList = z.infer<typeof keptListSchema>

const previousListSchema = z.object({ id: z.string(), compiledAt: z.iso.datetime() })
export type PreviousList = z.infer<typeof previousListSchema>

/** Goes into the keys: to be raised when the compiler makes other bytes, or other figures, of the same input, or is kept in another form. */
const COMPILER_REVISION = 3

export interface ListStoreOptions {
  readonly folder: string
  /** What results may take on the disk, and previous lists again as much, in bytes. */
  readonly maxBytes: number
}

/** Compiled lists on disk: results by what was asked for, and the last list of each name. */
export class ListStore {
  readonly results: DiskCache<KeptList>
  readonly previous: DiskCache<PreviousList>

  private constructor(results: DiskCache<KeptList>, previous: DiskCache<PreviousList>) {
    this.results = results
    this.previous = previous
  }

  static async open({ folder, maxBytes }: ListStoreOptions): Promise<ListStore> {
    const results = new DiskCache({ folder: join(folder, 'results'), maxBytes, schema: keptListSchema, durable: true })
    const previous = new DiskCache({ folder: join(folder, 'previous'), maxBytes, schema: previousListSchema, durable: true })
    await Promise.all([results.open(), previous.open()])
    return new ListStore(results, previous)
  }
}

/** What results are kept under: all that shapes them but the content of what is loaded. */
export function resultKey(request: {
  readonly configuration: unknown
  /** Hashes of the pre-fetched texts. */
  readonly content: unknown
  readonly benchmark: boolean
  readonly onSourceError: string
}): string {
  return hashOfJson([COMPILER_REVISION, request])
}

/** So many results of one request are kept, each of other content of its sources: lists change, and change back. */
const MAX_VARIANTS = 4

/** Where the results of one request may be. @param key of `resultKey` */
export function variantKeys(key: string): readonly string[] {
  return [key, ...Array.from({ length: MAX_VARIANTS - 1 }, (_, index) => hashOfJson(['variant', key, index + 1]))]
}

/** What the last list of a name is kept under. */
export function previousKey(name: string, owner: string | undefined): string {
  return hashOfJson(['previous', name, owner ?? null])
}
