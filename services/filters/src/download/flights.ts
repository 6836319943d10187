import type { CompileEvent, Listener } from '../compiler/types.js'
import { DownloadError } from './errors.js'

/** What a download that several may wait for gets. */
export interface Flight {
  /** Aborted when nobody waits any more, when it takes too long, and when the downloader is closed. */
  readonly signal: AbortSignal
  readonly on: Listener
}

interface Caller<Result> {
  readonly on: Listener
  readonly land: (result: Result) => void
  readonly fail: (reason: unknown) => void
}

/** One download says less than this; who comes late hears it all. */
const MAX_REMEMBERED = 256

/** Downloads under way. Who asks for one that is under way joins it, hears what it said so far, and gets a result of their own. */
export class Flights<Result> {
  readonly #flights = new Map<string, SharedFlight<Result>>()
  readonly #copy: (result: Result) => Promise<Result>
  /** Those that are being aborted, too. */
  readonly #running = new Set<Promise<void>>()
  #closed = false

  /** @param copy makes a result of its own for each further caller */
  constructor(copy: (result: Result) => Promise<Result>) {
    this.#copy = copy
  }

  /**
   * @param fly called when none is under way under `key`
   * @param caller rejects with the reason of its signal as soon as that is aborted
   */
  async join(
    key: string,
    caller: { readonly signal: AbortSignal; readonly on: Listener },
    fly: (flight: Flight) => Promise<Result>,
  ): Promise<Result> {
    caller.signal.throwIfAborted()
    if (this.#closed) throw closed()
    const underWay = this.#flights.get(key)
    if (underWay !== undefined) return underWay.join(caller.signal, caller.on)
    const flight = new SharedFlight(this.#copy, () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    })
    this.#flights.set(key, flight)
    const landed = flight.join(caller.signal, caller.on)
    const running = flight.run(fly).finally(() => this.#running.delete(running))
    this.#running.add(running)
    return landed
  }

  /** Aborts all of them; resolves when the last has ended, so that nothing is written afterwards. */
  async close(): Promise<void> {
    this.#closed = true
    for (const flight of this.#flights.values()) flight.abort(closed())
    await Promise.all(this.#running)
  }
}

class SharedFlight<Result> {
  readonly #controller = new AbortController()
  readonly #callers = new Set<Caller<Result>>()
  readonly #said: CompileEvent[] = []
  readonly #copy: (result: Result) => Promise<Result>
  readonly #over: () => void

  /** @param over called when nobody may join any more */
  constructor(copy: (result: Result) => Promise<Result>, over: () => void) {
    this.#copy = copy
    this.#over = over
  }

  abort(reason: Error): void {
    this.#over()
    this.#controller.abort(reason)
  }

  join(signal: AbortSignal, on: Listener): Promise<Result> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#callers.delete(caller)
        signal.removeEventListener('abort', give)
      }
      const caller: Caller<Result> = {
        on,
        land: (result) => {
          leave()
          resolve(result)
        },
        fail: (reason) => {
          leave()
          reject(reason)
        },
      }
      const give = () => {
        caller.fail(signal.reason)
        if (this.#callers.size === 0) this.abort(signal.reason as Error)
      }
      signal.addEventListener('abort', give, { once: true })
      this.#callers.add(caller)
      for (const event of this.#said) this.#tell(caller, event)
    })
  }

  async run(fly: (flight: Flight) => Promise<Result>): Promise<void> {
    const on = (event: CompileEvent) => {
      if (this.#said.length < MAX_REMEMBERED) this.#said.push(event)
      for (const caller of this.#callers) this.#tell(caller, event)
    }
    try {
      const result = await fly({ signal: this.#controller.signal, on })
      this.#over()
      await this.#land(result)
    } catch (error) {
      this.#over()
      for (const caller of this.#callers) caller.fail(error)
    }
  }

  /** All copies are made before anyone gets theirs: who has the bytes may transfer them to a thread, and then they are gone here. */
  async #land(result: Result): Promise<void> {
    const [first, ...others] = this.#callers
    const copies: Result[] = []
    for (let made = 0; made < others.length; made += 1) copies.push(await this.#copy(result))
    first?.land(result)
    for (const caller of others) {
      const copy = copies.pop()
      if (copy !== undefined) caller.land(copy)
    }
  }

  /** A listener that throws ends its own part only, and the download where it was the last. */
  #tell(caller: Caller<Result>, event: CompileEvent): void {
    try {
      caller.on(event)
    } catch (error) {
      caller.fail(error)
      if (this.#callers.size === 0) this.abort(error instanceof Error ? error : new Error('A listener of a download failed.'))
    }
  }
}

function closed(): DownloadError {
  return new DownloadError('DOWNLOADER_CLOSED', 'The downloader is closed.')
}
