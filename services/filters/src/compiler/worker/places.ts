/** Somebody who waits for a place. */
interface Waiter {
  readonly owner: string | undefined
  readonly go: (giveBack: () => void) => void
}

/**
 * Places for work that goes on at a time: so many in all, and so many of them at most for one owner. Who waits gets a place in the order of
 * arrival, except that an owner who has as many as it may is passed over: it can make nobody wait but itself.
 */
export class Places {
  readonly #perOwner: number
  readonly #taken = new Map<string, number>()
  readonly #waiting = new Set<Waiter>()
  #free: number

  constructor(count: number, perOwner: number) {
    this.#free = count
    this.#perOwner = perOwner
  }

  /**
   * Waits for a place.
   *
   * @param owner undefined is nobody in particular, who may have all places
   * @param onWait called when none is to be had at once
   * @returns what gives it back, to be called once
   * @throws the signal's reason
   */
  async take(owner: string | undefined, signal: AbortSignal, onWait?: () => void): Promise<() => void> {
    signal.throwIfAborted()
    // Where a place is free nobody waits who may have it.
    if (this.#mayHave(owner)) return this.#give(owner)
    onWait?.()
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(waiter)
        reject(signal.reason as Error)
      }
      const waiter: Waiter = {
        owner,
        go: (giveBack) => {
          signal.removeEventListener('abort', onAbort)
          resolve(giveBack)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(waiter)
    })
  }

  #mayHave(owner: string | undefined): boolean {
    return this.#free > 0 && (owner === undefined || (this.#taken.get(owner) ?? 0) < this.#perOwner)
  }

  /** The place is taken from here on, also when its new holder only hears of it later: no newcomer gets in between. */
  #give(owner: string | undefined): () => void {
    this.#free--
    if (owner !== undefined) this.#taken.set(owner, (this.#taken.get(owner) ?? 0) + 1)
    return () => {
      this.#free++
      if (owner !== undefined) this.#leave(owner)
      this.#next()
    }
  }

  #leave(owner: string): void {
    const left = (this.#taken.get(owner) ?? 0) - 1
    if (left > 0) this.#taken.set(owner, left)
    else this.#taken.delete(owner)
  }

  #next(): void {
    for (const waiter of this.#waiting) {
      if (this.#free === 0) return
      if (!this.#mayHave(waiter.owner)) continue
      this.#waiting.delete(waiter)
      waiter.go(this.#give(waiter.owner))
    }
  }
}
