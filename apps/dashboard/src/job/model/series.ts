/** What happened with an event of the log: its seq, and when, in milliseconds since 1970. */
export interface Stamped {
  readonly seq: number
  readonly at: number
}

/** What a full series does: leaves out what comes later, or every second of what it has. */
export type WhenFull = 'omit' | 'thin'

/**
 * What happened of one kind, in the order of the log. What held at any seq is found by halves, so that looking back costs nothing: no
 * snapshot has to be kept, and nothing folded again.
 */
export class Series<T extends Stamped> {
  readonly #limit: number
  readonly #whenFull: WhenFull
  readonly #items: T[] = []
  #shown: { readonly items: readonly T[]; readonly omitted: number } = { items: [], omitted: 0 }
  #omitted = 0

  /** @param limit how many items it holds */
  constructor(limit: number, whenFull: WhenFull = 'omit') {
    this.#limit = limit
    this.#whenFull = whenFull
  }

  /** All items. */
  get items(): readonly T[] {
    return this.#items
  }

  /** How many were left out. */
  get omitted(): number {
    return this.#omitted
  }

  push(item: T): void {
    if (this.#items.length >= this.#limit) {
      if (this.#whenFull === 'omit') {
        this.#omitted += 1
        return
      }
      this.#thin()
    }
    this.#items.push(item)
  }

  /** How many items there were at `seq`. */
  countAt(seq: number): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#items[middle]?.seq ?? 0) <= seq) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The last item at `seq`. */
  at(seq: number): T | undefined {
    return this.#items[this.countAt(seq) - 1]
  }

  /** The items that there were at `seq`: a list that never changes, and the same one as before only where it has the same items. */
  until(seq: number): readonly T[] {
    const count = this.countAt(seq)
    const isSame = this.#shown.items.length === count && this.#shown.omitted === this.#omitted
    if (!isSame) this.#shown = { items: this.#items.slice(0, count), omitted: this.#omitted }
    return this.#shown.items
  }

  #thin(): void {
    const kept = this.#items.filter((_, index) => index % 2 === 0)
    this.#omitted += this.#items.length - kept.length
    this.#items.splice(0, this.#items.length, ...kept)
  }
}
