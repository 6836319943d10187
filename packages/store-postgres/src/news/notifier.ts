import type { News } from '@headway/core'
import type { JobId } from '@headway/protocol'
import type { Database } from '../database/database.js'
import { channelOf } from './channel.js'
import { encodeNews } from './message.js'

/** Of how many jobs at most is not told yet; of more than that the others find out by looking. */
const MAX_WAITING = 100_000

/**
 * Tells the other nodes of jobs with news, after these were committed: a commit that notifies waits for all others that do, on the whole
 * server, and this one has nothing to write. What comes while a notification is under way goes together in the next.
 */
export class Notifier {
  readonly #db: Database
  readonly #node: string
  readonly #channel: string
  #waiting = new Map<News, Set<JobId>>()
  #count = 0
  #sending: Promise<void> | undefined

  constructor(db: Database, node: string) {
    this.#db = db
    this.#node = node
    this.#channel = channelOf(db.schema)
  }

  add(id: JobId, news: News): void {
    if (this.#count >= MAX_WAITING) return
    let ids = this.#waiting.get(news)
    if (ids === undefined) this.#waiting.set(news, (ids = new Set()))
    ids.add(id)
    this.#count += 1
    this.#sending ??= this.#send()
  }

  /** Resolves when all that was added is told, or could not be. */
  async settled(): Promise<void> {
    await this.#sending
  }

  async #send(): Promise<void> {
    // What one turn of the event loop brings goes together.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#count > 0) {
      const jobs = this.#waiting
      this.#waiting = new Map()
      this.#count = 0
      try {
        await this.#db.run(this.#db.sql('select pg_notify($1, message) from unnest($2::text[]) as message'), [
          this.#channel,
          encodeNews(this.#node, jobs),
        ])
      } catch {
        // A hint, no more: who misses it looks by itself after a while.
      }
    }
    this.#sending = undefined
  }
}
