/** How many numbers a list has room for at first. */
const FIRST_ROOM = 1024

/** Rising numbers in a typed array that grows: a million of them take 4 MB. */
export class NumberList {
  #numbers = new Uint32Array(FIRST_ROOM)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Uint32Array(this.#numbers.length * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#length] = value
    this.#length += 1
  }

  at(index: number): number | undefined {
    return index >= 0 && index < this.#length ? this.#numbers[index] : undefined
  }

  /** How many of the numbers are below `value`. */
  countBelow(value: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#numbers[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Drops the numbers below `value`. @returns how many they were */
  dropBelow(value: number): number {
    const count = this.countBelow(value)
    if (count > 0) {
      this.#numbers.copyWithin(0, count, this.#length)
      this.#length -= count
    }
    return count
  }
}
