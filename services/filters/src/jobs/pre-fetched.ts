import { createHash } from 'node:crypto'
import type { BlobRef, JobBlobs } from '@headway/core'
import type { Loaded } from '../compiler/index.js'
import type { CompileInput } from './compile-input.js'
import { readPackedIndex } from './packed-texts.js'
import type { ReadRange } from './packed-texts.js'
import type { Sources } from './sources.js'

/** The texts that came with a request. */
export interface PreFetched {
  /** Those that the compiler gets as texts. */
  readonly texts: Readonly<Record<string, string>>
  /** What tells these contents from others. */
  readonly content: unknown
  /** Gives those that are in a blob, and leaves all else to the sources. */
  readonly withTexts: (sources: Sources) => Sources
}

/** Finds the texts of an input. Large ones stay where they are until they are asked for. */
export async function preFetchedOf(
  input: Pick<CompileInput, 'preFetchedContent' | 'preFetchedBlob'>,
  blobs: Pick<JobBlobs, 'read'>,
): Promise<PreFetched> {
  const { preFetchedContent: texts = {}, preFetchedBlob: ref } = input
  if (ref === undefined) return { texts, content: texts, withTexts: (sources) => sources }
  const index = await readPackedIndex(ref.size, rangeReader(ref, blobs))
  const places = new Map(index.map(({ source, ...place }) => [source, place]))
  return {
    texts,
    content: [texts, ref.sha256],
    withTexts: ({ load, check }) => ({
      load: (source, context) => {
        const place = places.get(source)
        return place === undefined ? load(source, context) : readText(ref, blobs, place)
      },
      check: async (source, context) => {
        const place = places.get(source)
        return place === undefined ? check(source, context) : { sha256: await hashText(ref, blobs, place) }
      },
    }),
  }
}

/** Read and hashed piece by piece, so that nothing else waits for a large one. */
async function readText(ref: BlobRef, blobs: Pick<JobBlobs, 'read'>, { start, end }: { start: number; end: number }): Promise<Loaded> {
  const bytes = new Uint8Array(end - start)
  const hash = createHash('sha256')
  let at = 0
  for await (const chunk of blobs.read(ref, { start, end })) {
    bytes.set(chunk, at)
    hash.update(chunk)
    at += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function hashText(ref: BlobRef, blobs: Pick<JobBlobs, 'read'>, range: { start: number; end: number }): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of blobs.read(ref, range)) hash.update(chunk)
  return hash.digest('hex')
}

function rangeReader(ref: BlobRef, blobs: Pick<JobBlobs, 'read'>): ReadRange {
  return async (start, end) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of blobs.read(ref, { start, end })) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
}
