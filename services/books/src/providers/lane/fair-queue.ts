interface Owned {
  readonly owner: object
}

/** A queue in which owners take turns, so that one with thousands of entries does not keep the others waiting. */
export class FairQueue<T extends Owned> {
  /** The owner whose turn is next is first. */
  readonly #queues = new Map<object, Set<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(entry: T): void {
    const queue = this.#queues.get(entry.owner)
    if (queue === undefined) this.#queues.set(entry.owner, new Set([entry]))
    else queue.add(entry)
    this.#size += 1
  }

  delete(entry: T): void {
    const queue = this.#queues.get(entry.owner)
    if (queue?.delete(entry) !== true) return
    this.#size -= 1
    if (queue.size === 0) this.#queues.delete(entry.owner)
  }

  /** Takes up to `most` entries, one of each owner in turn. */
  take(most: number): T[] {
    const taken: T[] = []
    while (taken.length < most) {
      const [next] = this.#queues
      if (next === undefined) break
      const [owner, queue] = next
      const [entry] = queue
      this.#queues.delete(owner)
      if (entry === undefined) continue
      queue.delete(entry)
      if (queue.size > 0) this.#queues.set(owner, queue)
      taken.push(entry)
    }
    this.#size -= taken.length
    return taken
  }

  /** The first entry of each owner: the ones that wait longest are among them. */
  *heads(): Generator<T> {
    for (const queue of this.#queues.values()) {
      const [entry] = queue
      if (entry !== undefined) yield entry
    }
  }
}
