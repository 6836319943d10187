/** What a request runs for. */
export interface Place {
  readonly host: string
  /** Who wants it, as an opaque text; undefined: somebody who has no limit of their own. */
  readonly owner: string | undefined
}

interface Waiting extends Place {
  readonly start: () => void
}

/** So many places there are. */
export interface SlotLimits {
  readonly inAll: number
  readonly perHost: number
  readonly perOwner: number
}

/**
 * Places for requests that run at the same time: so many in all, for one host, and for one owner, so that nobody's hanging sources stop
 * others. First come, first served, as far as hosts and owners allow.
 */
export class Slots {
  readonly #limits: SlotLimits
  readonly #waiting = new Set<Waiting>()
  readonly #hosts = new Counts()
  readonly #owners = new Counts()
  #total = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  /** Runs `work` when there is a place. Rejects with the signal's reason when it is aborted before that. */
  async run<T>(place: Place, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(place, signal)
    try {
      return await work()
    } finally {
      this.#leave(place)
    }
  }

  #enter(place: Place, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...place,
        start: () => {
          signal.removeEventListener('abort', give)
          this.#waiting.delete(waiting)
          this.#count(place, 1)
          resolve()
        },
      }
      const give = () => {
        this.#waiting.delete(waiting)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', give, { once: true })
      this.#waiting.add(waiting)
      this.#admit()
    })
  }

  #leave(place: Place): void {
    this.#count(place, -1)
    this.#admit()
  }

  #count({ host, owner }: Place, by: number): void {
    this.#total += by
    this.#hosts.add(host, by)
    if (owner !== undefined) this.#owners.add(owner, by)
  }

  #admit(): void {
    const { inAll, perHost, perOwner } = this.#limits
    for (const waiting of this.#waiting) {
      if (this.#total >= inAll) return
      const { host, owner } = waiting
      if (this.#hosts.of(host) < perHost && (owner === undefined || this.#owners.of(owner) < perOwner)) waiting.start()
    }
  }
}

class Counts {
  readonly #counts = new Map<string, number>()

  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  add(name: string, by: number): void {
    const count = this.of(name) + by
    if (count === 0) this.#counts.delete(name)
    else this.#counts.set(name, count)
  }
}
