/** A promise that somebody else settles. A rejection that nobody waits for does no harm. */
export class Deferred {
  readonly promise: Promise<void>
  resolve: () => void = () => undefined
  reject: (error: unknown) => void = () => undefined

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    void unheeded(this.promise)
  }
}

/** The promise itself; a rejection that nobody waits for does no harm. */
export function unheeded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
