import type { News, Unsubscribe } from '@headway/core'
import type { JobId } from '@headway/protocol'

type Listener = (ids: readonly JobId[], news: News) => void

/** Tells listeners of jobs with news: once for all that one commit brought of one kind, after its callers were answered. */
export class Wakes {
  readonly #listeners = new Set<Listener>()
  #news: Map<News, Set<JobId>> | undefined

  subscribe(listener: Listener): Unsubscribe {
    // A function may be subscribed twice; each subscription ends by itself.
    const own: Listener = (ids, news) => listener(ids, news)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  add(id: JobId, news: News): void {
    if (this.#listeners.size === 0) return
    if (this.#news === undefined) {
      this.#news = new Map()
      setImmediate(() => this.#tell())
    }
    const ids = this.#news.get(news)
    if (ids === undefined) this.#news.set(news, new Set([id]))
    else ids.add(id)
  }

  #tell(): void {
    const all = this.#news ?? new Map<News, Set<JobId>>()
    this.#news = undefined
    const queue = all.get('queue')
    for (const [news, set] of all) {
      // News of the queue tells of the log, too.
      const ids = news === 'log' && queue !== undefined ? [...set].filter((id) => !queue.has(id)) : [...set]
      if (ids.length > 0) for (const listener of this.#listeners) tellOne(listener, ids, news)
    }
  }
}

function tellOne(listener: Listener, ids: readonly JobId[], news: News): void {
  try {
    listener(ids, news)
  } catch (error) {
    // A listener's mistake is not the store's: what was committed stays, and the other listeners are told.
    process.emitWarning(`A listener for news of jobs failed: ${String(error)}`, 'HeadwayWarning')
  }
}
