import type { JobId, Seq } from '@headway/protocol'
import type { EventPage } from '../store/job-store.js'

interface KeptPage {
  readonly id: JobId
  readonly after: Seq
  readonly page: EventPage
  readonly bytes: number
  /** Rests of this page by cursor, so that watchers that are equally far share one array. */
  readonly rests: Map<Seq, EventPage>
  used: boolean
}

/**
 * Pages of logs that were read lately, for watchers that are behind at different places: one whose cursor lies within a page gets the
 * rest of it, so that all of them soon stand at the same places, and share what is read and what is made of it.
 *
 * Only pages that more of the log follows are kept: nothing in them ever changes.
 */
export class KeptPages {
  readonly #maxBytes: number
  readonly #byJob = new Map<JobId, KeptPage[]>()
  /** The one that was used least lately comes first. */
  readonly #byUse = new Set<KeptPage>()
  #bytes = 0

  /** @param maxBytes what all pages together may hold */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  find(id: JobId, after: Seq): EventPage | undefined {
    const kept = this.#byJob.get(id)?.find((page) => page.after <= after && after < page.page.next)
    if (kept === undefined) return undefined
    kept.used = true
    this.#byUse.delete(kept)
    this.#byUse.add(kept)
    let rest = kept.rests.get(after)
    if (rest === undefined) {
      rest = { ...kept.page, events: kept.page.events.slice(after - kept.after) }
      kept.rests.set(after, rest)
    }
    return rest
  }

  /** @param after the cursor that the page was read from, without leaving out any event */
  keep(id: JobId, after: Seq, page: EventPage): void {
    if (page.next >= page.head || page.events[0]?.seq !== after + 1) return
    const bytes = page.events.reduce((sum, event) => sum + event.bytes, 0)
    const kept: KeptPage = { id, after, page, bytes, rests: new Map([[after, page]]), used: true }
    const pages = this.#byJob.get(id)
    if (pages === undefined) this.#byJob.set(id, [kept])
    else pages.push(kept)
    this.#byUse.add(kept)
    this.#bytes += bytes
    for (const oldest of this.#byUse) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(oldest)
    }
  }

  /** Forgets the pages of a job that were not used since the last call. */
  age(id: JobId): void {
    for (const page of this.#byJob.get(id) ?? []) {
      if (page.used) page.used = false
      else this.#drop(page)
    }
  }

  forget(id: JobId): void {
    for (const page of this.#byJob.get(id) ?? []) this.#drop(page)
  }

  #drop(page: KeptPage): void {
    this.#byUse.delete(page)
    this.#bytes -= page.bytes
    const left = (this.#byJob.get(page.id) ?? []).filter((other) => other !== page)
    if (left.length === 0) this.#byJob.delete(page.id)
    else this.#byJob.set(page.id, left)
  }
}
