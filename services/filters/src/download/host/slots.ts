interface Waiting {
  readonly host: string
  readonly start: () => void
}

/** Places for requests that run at the same time: so many in all, and so many for one host. First come, first served, as far as hosts allow. */
export class Slots {
  readonly #inAll: number
  readonly #perHost: number
  readonly #waiting = new Set<Waiting>()
  readonly #running = new Map<string, number>()
  #total = 0

  constructor(inAll: number, perHost: number) {
    this.#inAll = inAll
    this.#perHost = perHost
  }

  /** Runs `work` when there is a place. Rejects with the signal's reason when it is aborted before that. */
  async run<T>(host: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(host, signal)
    try {
      return await work()
    } finally {
      this.#leave(host)
    }
  }

  #enter(host: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        host,
        start: () => {
          signal.removeEventListener('abort', give)
          this.#waiting.delete(waiting)
          this.#total += 1
          this.#running.set(host, this.#of(host) + 1)
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

  #leave(host: string): void {
    this.#total -= 1
    const left = this.#of(host) - 1
    if (left === 0) this.#running.delete(host)
    else this.#running.set(host, left)
    this.#admit()
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (this.#total >= this.#inAll) return
      if (this.#of(waiting.host) < this.#perHost) waiting.start()
    }
  }

  #of(host: string): number {
    return this.#running.get(host) ?? 0
  }
}
