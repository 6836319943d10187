import type { BlobRef, JobContext } from '@headway/core'
import { z } from 'zod'
import type { ScanEvent, ScanResult as FoundBook } from '../scan/types.js'
import type { ItemCheckpoint, ItemWriter } from './item-writer.js'
import type { ScanResult } from './result.js'
import { bytesOf } from './json-list.js'
import { readWhole } from './read-whole.js'
import { scanItemOf } from './scan-item.js'
import type { ToldEvent } from './scan-item.js'
import { blobRefSchema } from './sealed-input.js'

const savedSchema = z.looseObject({
  /** What each photo gave that has been read: a JSON array of its events. */
  photos: z.array(blobRefSchema),
  /** How many of those events are told. */
  told: z.int().nonnegative(),
  /** Which steps of the photo behind them are told. */
  steps: z.array(z.string()),
})

/**
 * Tells what happens in a scan, each event once. What a photo gave is saved before any of it is told, and told from there by the next attempt:
 * who reads photos need not answer the same twice, and may want to be paid.
 */
export class ScanTeller {
  readonly results: FoundBook[] = []
  readonly errors: ScanResult['errors'] = []
  readonly #ctx: JobContext
  readonly #items: ItemWriter
  readonly #photos: number
  readonly #read: BlobRef[] = []
  readonly #saved: z.output<typeof savedSchema>
  /** Of the photo that is being read. */
  #events: ToldEvent[] = []
  #steps: string[]
  #told: number
  /** How many events come that are told already. */
  #known: number

  /** @param photos how many there are */
  constructor(ctx: JobContext, items: ItemWriter, photos: number) {
    this.#ctx = ctx
    this.#items = items
    this.#photos = photos
    this.#saved = savedSchema.safeParse(ctx.saved).data ?? { photos: [], told: 0, steps: [] }
    this.#steps = this.#saved.steps
    this.#told = this.#saved.told
    this.#known = this.#told
  }

  /** Goes through what earlier attempts have read, and tells what they had not told. @returns how many photos that are */
  async goOn(): Promise<number> {
    for (const ref of this.#saved.photos) {
      const bytes = await readWhole(this.#ctx.blobs, ref)
      this.#read.push(ref)
      await this.#tell(JSON.parse(Buffer.from(bytes).toString()) as ToldEvent[])
    }
    return this.#saved.photos.length
  }

  /** Takes the next event of the photos that are read now. */
  async take(event: ScanEvent): Promise<void> {
    switch (event.type) {
      case 'photo_started':
      case 'photo_detected':
        return this.#step(event)
      case 'spine':
        this.#events.push(event)
        return
      case 'photo_done':
      case 'photo_failed':
        return this.#keep([...this.#events, event])
      case 'lines_read':
      case 'results':
        return
    }
  }

  async #step(event: ToldEvent): Promise<void> {
    if (this.#steps.includes(event.type)) return
    this.#steps = [...this.#steps, event.type]
    await this.#items.step(scanItemOf(event, this.#photos), this.#checkpoint())
  }

  async #keep(events: readonly ToldEvent[]): Promise<void> {
    this.#read.push(await this.#ctx.blobs.put(bytesOf([JSON.stringify(events)])))
    this.#events = []
    this.#steps = []
    await this.#tell(events)
    // The next photo is not paid for before it is certain that this one is.
    await this.#items.committed()
  }

  async #tell(events: readonly ToldEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'spine') {
        this.results.push(event.result)
        if (event.index === 0) this.#items.total += event.spines
      }
      if (event.type === 'photo_failed') this.errors.push({ photo: event.photo, code: event.code, message: event.message })
      if (this.#known > 0) {
        this.#known -= 1
        continue
      }
      await this.#ctx.pausePoint()
      this.#told += 1
      const item = scanItemOf(event, this.#photos)
      await (event.type === 'spine' ? this.#items.write(item, this.#checkpoint()) : this.#items.step(item, this.#checkpoint()))
    }
  }

  #checkpoint(): ItemCheckpoint {
    return { photos: this.#read.map((ref) => ({ ...ref })), told: this.#told, steps: this.#steps }
  }
}
