import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import { expect, onTestFinished } from 'vitest'

export interface StreamEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A client of an SSE stream. It leaves with the test. */
export class StreamClient {
  readonly answer: Response
  readonly events: StreamEvent[] = []
  readonly ended: Promise<void>
  readonly #leave: AbortController
  #over = false
  readonly #looking: (() => void)[] = []

  private constructor(answer: Response, leave: AbortController) {
    this.answer = answer
    this.#leave = leave
    this.ended = this.#read().catch((error: unknown) => {
      if (!leave.signal.aborted) throw error
    })
    this.ended.catch(() => undefined)
    onTestFinished(() => this.leave())
  }

  static async open(url: string, init: RequestInit = {}): Promise<StreamClient> {
    const leave = new AbortController()
    const answer = await fetch(url, { ...init, signal: leave.signal })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    return new StreamClient(answer, leave)
  }

  /** Goes away. */
  leave(): void {
    this.#leave.abort()
  }

  /** The first event that is so; waits for it. */
  async seen(what: string | ((event: StreamEvent) => boolean)): Promise<StreamEvent> {
    const fits = typeof what === 'string' ? ({ event }: StreamEvent): boolean => event === what : what
    for (;;) {
      const found = this.events.find(fits)
      if (found !== undefined) return found
      if (this.#over) throw new Error(`The stream ended with ${JSON.stringify(this.events.at(-1))}.`)
      await new Promise<void>((resolve) => this.#looking.push(resolve))
    }
  }

  /** The names of the events so far. */
  get names(): string[] {
    return this.events.map(({ event }) => event)
  }

  async #read(): Promise<void> {
    const parser = createParser({ onEvent: (message) => this.#take(message) })
    const decoder = new TextDecoder()
    try {
      for await (const chunk of this.answer.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
    } finally {
      this.#over = true
      this.#look()
    }
  }

  #take({ id, event = 'message', data }: EventSourceMessage): void {
    this.events.push({ id, event, data: JSON.parse(data) as StreamEvent['data'] })
    this.#look()
  }

  #look(): void {
    for (const resolve of this.#looking.splice(0)) resolve()
  }
}
