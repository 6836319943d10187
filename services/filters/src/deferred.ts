/** A value that comes later. */
export class Deferred<Value> {
  readonly promise: Promise<Value>
  #value: Value | undefined
  #resolve: (value: Value) => void = () => undefined

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** The value, once it is there. */
  get value(): Value | undefined {
    return this.#value
  }

  resolve(value: Value): void {
    this.#value = value
    this.#resolve(value)
  }
}
