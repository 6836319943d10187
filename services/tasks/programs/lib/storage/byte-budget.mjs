/** Bounds how many bytes are held in memory at a time: who wants more than is left waits, first come first served. */
export class ByteBudget {
  #left
  /** @readonly */
  #total
  /** @readonly */
  #waiting = []

  constructor(bytes) {
    this.#total = bytes
    this.#left = bytes
  }

  /**
   * Runs some work with so many bytes.
   *
   * @template Result
   * @param {number} bytes more than there are at all count as all
   * @param {() => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async use(bytes, work) {
    const share = Math.min(bytes, this.#total)
    if (this.#waiting.length > 0 || share > this.#left) await new Promise((resolve) => this.#waiting.push({ share, resolve }))
    else this.#left -= share
    try {
      return await work()
    } finally {
      this.#left += share
      this.#wake()
    }
  }

  #wake() {
    while (this.#waiting.length > 0 && this.#waiting[0].share <= this.#left) {
      const { share, resolve } = this.#waiting.shift()
      this.#left -= share
      resolve()
    }
  }
}
