/** Which of a batch are done, as a text of one bit for each: what a checkpoint of thousands can hold. */
export class IndexSet {
  readonly #bits: Uint8Array

  private constructor(bits: Uint8Array) {
    this.#bits = bits
  }

  /** @param text as `text` gave it, for a batch of the same size; absent: none is done */
  static of(size: number, text = ''): IndexSet {
    const bits = new Uint8Array(Math.ceil(size / 8))
    bits.set(Buffer.from(text, 'base64').subarray(0, bits.length))
    return new IndexSet(bits)
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
  }

  add(index: number): void {
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) | (1 << (index & 7))
  }

  get text(): string {
    return Buffer.from(this.#bits).toString('base64')
  }
}
