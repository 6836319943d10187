/** Work that several wait for: it goes on as long as one of them does. */
interface Flight<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  passengers: number
}

/** Work under way, by key. Who wants what is under way already joins it. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /**
   * @param signal rejects with its reason when it is aborted; the work is aborted with the last who waits
   * @param work called when none is under way under `key`
   */
  async join(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, work)
    flight.passengers += 1
    return new Promise((resolve, reject) => {
      const give = () => {
        flight.passengers -= 1
        if (flight.passengers === 0) {
          this.#end(key, flight)
          flight.controller.abort(signal.reason)
        }
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', give, { once: true })
      const done = () => signal.removeEventListener('abort', give)
      flight.result.then(resolve, reject).finally(done)
    })
  }

  /** Resolves when what is under way under `key` has ended. */
  async settled(key: string): Promise<void> {
    await this.#flights.get(key)?.result.catch(() => undefined)
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const result = work(controller.signal)
    const flight: Flight<T> = { result, controller, passengers: 0 }
    this.#flights.set(key, flight)
    const end = () => this.#end(key, flight)
    result.then(end, end)
    return flight
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
