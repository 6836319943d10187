import { createParser } from 'eventsource-parser'
import { setTimeout as wait } from 'node:timers/promises'

export interface SseMessage {
  readonly id: string | undefined
  readonly data: string
}

export interface FollowSseOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Told when the connection is lost, and when it is there again. */
  readonly onState?: (state: 'live' | 'reconnecting') => void
}

/** The server refused the stream: it makes no sense to come back with the same request. */
export class StreamRefusedError extends Error {
  override readonly name = 'StreamRefusedError'
  readonly status: number

  constructor(status: number, body: string) {
    super(`The server answered ${status}: ${body.slice(0, 500)}`)
    this.status = status
  }
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 3000
/** A connection that says nothing for so long is dead: the server's heartbeat is due every 30 seconds. */
const SILENCE_MS = 75_000
/** The longest message that is taken, in characters: a stream's event is 64 KiB and its envelope. */
const MAX_MESSAGE_LENGTH = 1024 * 1024

/**
 * Reads a Server-Sent Events stream and comes back by itself, with `Last-Event-ID`, as an EventSource does. Ends when the
 * server says that there is no more (204), or when the signal aborts.
 *
 * @throws StreamRefusedError for an answer of 4xx
 */
export async function* followSse(options: FollowSseOptions): AsyncGenerator<SseMessage, void, void> {
  const { signal } = options
  let state: 'live' | 'reconnecting' | undefined
  const tell = (now: 'live' | 'reconnecting'): void => {
    if (now !== state) options.onState?.(now)
    state = now
  }
  let lastId: string | undefined
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    const connection = new AbortController()
    const dead = AbortSignal.any([signal, connection.signal])
    const messages: SseMessage[] = []
    const parser = createParser({
      onEvent: ({ id, data }) => messages.push({ id, data }),
      onRetry: (ms) => {
        pauseMs = Math.min(ms, LONGEST_PAUSE_MS)
      },
      maxBufferSize: MAX_MESSAGE_LENGTH,
    })
    let silence: NodeJS.Timeout | undefined
    try {
      const response = await fetch(options.url, {
        headers: { ...options.headers, Accept: 'text/event-stream', ...(lastId !== undefined && { 'Last-Event-ID': lastId }) },
        signal: dead,
      })
      if (response.status === 204) return
      if (response.status >= 400 && response.status < 500) throw new StreamRefusedError(response.status, await response.text())
      if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`)
      tell('live')
      const decoder = new TextDecoder()
      for await (const bytes of response.body) {
        clearTimeout(silence)
        silence = setTimeout(() => connection.abort(), SILENCE_MS)
        parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }))
        for (const message of messages.splice(0)) {
          if (message.id !== undefined) lastId = message.id
          yield message
        }
        pauseMs = FIRST_PAUSE_MS
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof StreamRefusedError) throw error
      tell('reconnecting')
    } finally {
      clearTimeout(silence)
      connection.abort()
    }
    await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}
