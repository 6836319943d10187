import { annotate } from './annotate/annotate.js'
import { duplicateMarker } from './duplicates.js'
import { MAX_PHOTO_BYTES } from './limits.js'
import { ScanThread } from './thread/scan-thread.js'
import type { ScanEvent, ScanResult } from './types.js'
import type { VisionOptions } from './vision/vision-options.js'

export interface PhotoScannerOptions {
  /** The catalog's file; it must be there. */
  readonly catalogPath: string
  /** Who reads photos in place of the models that ship. */
  readonly vision?: VisionOptions
  /** Bytes of one photo. 10 MiB by default. */
  readonly maxPhotoBytes?: number
  /** How long a thread that has nothing to do keeps its models in memory, in milliseconds. A minute by default. */
  readonly restMs?: number
}

/** What of a scan has been read before. */
export interface ReadBefore {
  /** How many photos, from the first on. */
  readonly photos: number
  readonly results: readonly ScanResult[]
}

/** Reads books off photos of shelves, in a thread of its own. */
export interface PhotoScanner {
  /**
   * Reads photos one after the other, and what happens as it happens; the last event has all results. A photo that can't be read is told and costs
   * no other. Scans that are asked for at the same time wait for each other. Leaving the generator, or the signal, ends it at once;
   * the processor's work within two seconds.
   *
   * @param before photos that are not read again; books are duplicates of theirs, and the last event has their results too
   * @throws ScanError with a code of SCAN_ERROR_CODES; the signal's reason
   */
  scan(photos: readonly Uint8Array[], signal: AbortSignal, before?: ReadBefore): AsyncGenerator<ScanEvent>
  /**
   * The photo as JPEG with a box and a title on each book.
   *
   * @param results of this photo
   * @throws ScanError with a code of PHOTO_ERROR_CODES
   */
  annotate(photo: Uint8Array, results: readonly ScanResult[]): Promise<Uint8Array>
  close(): Promise<void>
}

const REST_MS = 60_000
const NOTHING: ReadBefore = { photos: 0, results: [] }

/** Makes a scanner; its thread starts with the first scan. */
export function createPhotoScanner({
  catalogPath,
  vision,
  maxPhotoBytes = MAX_PHOTO_BYTES,
  restMs = REST_MS,
}: PhotoScannerOptions): PhotoScanner {
  let thread: ScanThread | undefined
  let resting: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  const take = async (): Promise<ScanThread> => {
    clearTimeout(resting)
    if (thread?.isUsable === true) return thread
    // One that was stopped may still be at its last step: two at once would take twice the memory.
    await thread?.end()
    thread = new ScanThread({ catalogPath, vision, maxPhotoBytes })
    return thread
  }
  const rest = (): void => {
    clearTimeout(resting)
    resting = setTimeout(() => void thread?.end(), restMs).unref()
  }
  const close = async (): Promise<void> => {
    clearTimeout(resting)
    await thread?.end()
  }

  async function* scan(photos: readonly Uint8Array[], signal: AbortSignal, before: ReadBefore): AsyncGenerator<ScanEvent> {
    const mark = duplicateMarker()
    const results = before.results.map((result) => mark(result))
    for (const [photo, bytes] of photos.entries()) {
      if (photo < before.photos) continue
      for await (const event of (await take()).read({ photo, photos: photos.length, bytes }, signal)) {
        if (event.type !== 'spine') yield event
        else {
          const result = mark(event.result)
          results.push(result)
          yield { ...event, result }
        }
      }
    }
    yield { type: 'results', results }
  }

  return {
    async *scan(photos, signal, known = NOTHING) {
      const before = last
      let next = (): void => undefined
      last = new Promise((resolve) => (next = resolve))
      try {
        await before
        yield* scan(photos, signal, known)
      } finally {
        rest()
        next()
      }
    },
    annotate: (photo, results) => annotate(photo, results, maxPhotoBytes),
    close,
  }
}
