import { createParser } from 'eventsource-parser'
import { setTimeout as wait } from 'node:timers/promises'
import { chunksOf } from './chunks-of.js'

export interface SseMessage {
  readonly id: string | undefined
  readonly data: string
}

export interface FollowSseOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** The id of the last message that is there already. */
  readonly after?: string
  /** How long to go on trying while there is no connection, in milliseconds; without end by default. */
  readonly giveUpAfterMs?: number
  /** Told when the connection is lost, and when it is there again. */
  readonly onState?: (state: 'live' | 'reconnecting') => void
}

/** The server refused the stream: it makes no sense to come back with the same request. */
export class StreamRefusedError extends Error {
  override readonly name = 'StreamRefusedError'
  readonly status: number
  readonly body: string

  constructor(status: number, body: string) {
    super(`The server answered ${status}: ${body.slice(0, 500)}`)
    this.status = status
    this.body = body
  }
}

/** What the stream says makes no sense: to come back would give the same again. */
export class StreamUnreadableError extends Error {
  override readonly name = 'StreamUnreadableError'
}

/** There was no connection for longer than `giveUpAfterMs`. */
export class StreamLostError extends Error {
  override readonly name = 'StreamLostError'
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 3000
/** The longest pause that an answer may ask for. */
const LONGEST_RETRY_AFTER_MS = 60_000
/** A connection that says nothing for so long is dead: the server's heartbeat is due every 30 seconds. */
const SILENCE_MS = 75_000
/** The longest message that is taken, in characters: a stream's event is 64 KiB and its envelope. */
const MAX_MESSAGE_LENGTH = 1024 * 1024
/** The most that is read of the body of a refusal, in characters. */
const MAX_REFUSAL_LENGTH = 64 * 1024

/**
 * Reads a Server-Sent Events stream and comes back by itself, with `Last-Event-ID`, as an EventSource does. Ends when the
 * server says that there is no more (204), or when the signal aborts.
 *
 * @throws StreamRefusedError for an answer of 4xx, but for those that pass (408, 425, 429); StreamUnreadableError for a message that is too
 *   long; StreamLostError
 */
export async function* followSse(options: FollowSseOptions): AsyncGenerator<SseMessage, void, void> {
  const { signal, giveUpAfterMs = Infinity } = options
  let state: 'live' | 'reconnecting' | undefined
  let lostAt: number | undefined
  const tell = (now: 'live' | 'reconnecting'): void => {
    lostAt = now === 'live' ? undefined : (lostAt ?? performance.now())
    if (now !== state) options.onState?.(now)
    state = now
  }
  let lastId = options.after
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted) {
    const connection = new AbortController()
    const stopped = AbortSignal.any([signal, connection.signal])
    const messages: SseMessage[] = []
    let tooLong = false
    const parser = createParser({
      onEvent: ({ id, data }) => messages.push({ id, data }),
      onRetry: (ms) => {
        pauseMs = Math.min(ms, LONGEST_PAUSE_MS)
      },
      maxBufferSize: MAX_MESSAGE_LENGTH,
      onError: ({ type }) => {
        tooLong ||= type === 'max-buffer-size-exceeded'
      },
    })
    let askedPauseMs = 0
    let silence: NodeJS.Timeout | undefined
    try {
      const response = await fetch(options.url, {
        headers: { ...options.headers, Accept: 'text/event-stream', ...(lastId !== undefined && { 'Last-Event-ID': lastId }) },
        // The headers may hold a key, which is for this server only.
        redirect: 'error',
        signal: stopped,
      })
      if (response.status === 204) return
      askedPauseMs = retryAfterMs(response)
      if (isRefusal(response.status)) {
        throw new StreamRefusedError(response.status, (await response.text()).slice(0, MAX_REFUSAL_LENGTH))
      }
      if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`)
      tell('live')
      const decoder = new TextDecoder()
      silence = setTimeout(() => connection.abort(), SILENCE_MS)
      for await (const bytes of chunksOf(response.body, stopped)) {
        silence.refresh()
        parser.feed(decoder.decode(bytes, { stream: true }))
        for (const message of messages.splice(0)) {
          if (message.id !== undefined) lastId = message.id
          yield message
        }
        if (tooLong) throw new StreamUnreadableError(`A message of the stream is longer than ${MAX_MESSAGE_LENGTH} characters.`)
        pauseMs = FIRST_PAUSE_MS
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof StreamRefusedError || error instanceof StreamUnreadableError) throw error
    } finally {
      clearTimeout(silence)
      connection.abort()
    }
    tell('reconnecting')
    if (performance.now() - (lostAt ?? 0) >= giveUpAfterMs) throw new StreamLostError('The connection could not be had again in time.')
    const ownPauseMs = pauseMs * (0.5 + Math.random() / 2)
    await wait(Math.max(ownPauseMs, askedPauseMs), undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** Whether the same request would be refused again. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds * 1000), LONGEST_RETRY_AFTER_MS) : 0
}
