/** Something that is made when it is first asked for, once; again after it could not be made. */
export class Lazy<Value> {
  readonly #make: () => Promise<Value>
  #made: Promise<Value> | undefined

  constructor(make: () => Promise<Value>) {
    this.#make = make
  }

  get(): Promise<Value> {
    return (this.#made ??= this.#begin())
  }

  /** What was made; undefined when nobody asked. */
  get made(): Promise<Value> | undefined {
    return this.#made
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
