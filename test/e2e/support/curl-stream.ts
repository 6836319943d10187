import { createParser } from 'eventsource-parser'
import { Program } from './program.js'

/** One event as it came over the wire. */
export interface StreamEvent {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: Readonly<Record<string, unknown>>
}

/** `curl --no-buffer` at a stream of Server-Sent Events. It ends with the test. */
export class CurlStream {
  readonly #program: Program

  constructor(...args: readonly string[]) {
    this.#program = new Program('curl', ['--silent', '--show-error', '--no-buffer', ...args])
  }

  /** The whole events that it has printed so far. */
  get events(): StreamEvent[] {
    const events: StreamEvent[] = []
    const parser = createParser({
      onEvent: ({ id, event, data }) => events.push({ id, event, data: JSON.parse(data) as StreamEvent['data'] }),
    })
    parser.feed(this.#program.stdout)
    return events
  }

  /** The first event that is so; waits for it. @throws Error when curl ends before */
  async seen(fits: (event: StreamEvent) => boolean): Promise<StreamEvent> {
    for (;;) {
      const found = this.events.find(fits)
      if (found !== undefined) return found
      const { stdout } = this.#program.process
      const ended = await Promise.race([
        new Promise<false>((resolve) => stdout.once('data', () => resolve(false))),
        this.#program.exit.then(() => true),
      ])
      if (ended && !this.events.some(fits)) throw new Error(`curl ended before:\n${this.#program.stdout}\n${this.#program.stderr}`)
    }
  }

  /** Its exit code, when the stream is over. */
  get exit(): Promise<number | null> {
    return this.#program.exit
  }

  /** Breaks the connection off, in the middle of whatever comes. */
  async breakOff(): Promise<void> {
    this.#program.signal('SIGKILL')
    await this.#program.exit
  }
}
