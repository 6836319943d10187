/** Something that is made when it is first asked for, once; again after it could not be made. */
export class Lazy<Value> {
  readonly #make: () => Promise<Value>
  #made: Promise<Value> | undefined
  #closed = false

  constructor(make: () => Promise<Value>) {
    this.#make = make
  }

  /** @throws Error after `close` */
  get(): Promise<Value> {
    if (this.#closed) return Promise.reject(new Error('The server is closing.'))
    return (this.#made ??= this.#begin())
  }

  /** Makes nothing any more, and ends what was made or is being made. */
  async close(end: (value: Value) => Promise<void>): Promise<void> {
    this.#closed = true
    let value: Value
    try {
      if (this.#made === undefined) return
      value = await this.#made
    } catch {
      // Whoever asked for it heard of it.
      return
    }
    await end(value)
  }

  async #begin(): Promise<Value> {
    try {
      return await this.#make()
    } catch (error) {
      this.#made = undefined
      throw error
    }
  }
}
