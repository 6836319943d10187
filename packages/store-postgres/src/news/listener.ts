import type { Wakes } from '@headway/store-kit'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { connectionUrl } from '../database/connection-url.js'
import { quoteIdentifier } from '../database/statement.js'
import { channelOf } from './channel.js'
import { decodeNews } from './message.js'

export interface ListenerOptions {
  readonly url: string
  readonly schema: string
  /** This node's own name in notifications, which it does not need to hear. */
  readonly node: string
  readonly wakes: Wakes
  /** Sends a notification the way that news goes. */
  readonly notify: (channel: string, message: string) => Promise<unknown>
  readonly onNotice: (message: string) => void
}

/** How long the database may take to connect, and a notification to come back, before the connection counts as lost. In milliseconds. */
const PATIENCE_MS = 5_000

/** How long a connection may take to end, in milliseconds. */
const GOODBYE_MS = 500

/** How often it is tried whether notifications still come. In milliseconds. */
const PROBE_MS = 20_000

/** Between two tries to listen: the first pause and the longest. In milliseconds. */
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 30_000

const PROBE = 'probe:'

/**
 * Hears of other nodes' news: one connection that listens, and listens again when it was lost. Whether notifications really come is tried
 * with one of its own: through a pooler in transaction mode LISTEN succeeds and nothing is heard.
 */
export class Listener {
  readonly #options: ListenerOptions
  readonly #channel: string
  readonly #closing = new AbortController()
  readonly #over: Promise<void>
  #state: 'listening' | 'polling' = 'polling'
  #told: string | undefined
  #probe: { readonly message: string; heard(): void } | undefined

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#channel = channelOf(options.schema)
    this.#over = this.#run()
  }

  /** `polling`: notifications don't come, and news of other nodes is found by looking for it. */
  get state(): 'listening' | 'polling' {
    return this.#state
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#over
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const began = performance.now()
      const reason = await this.#listen()
      this.#state = 'polling'
      if (signal.aborted) return
      this.#tell(`Notifications of other nodes don't come (${reason}); news is found by polling until they do.`)
      if (performance.now() - began > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS
      await pauseFor(pause, signal)
    }
  }

  /** Listens until it can't. @returns why */
  async #listen(): Promise<string> {
    const { url } = this.#options
    const client = new pg.Client({
      connectionString: connectionUrl(url),
      connectionTimeoutMillis: PATIENCE_MS,
      keepAlive: true,
      application_name: 'headway listen',
    })
    // Ends with this connection: one that is lost again and again leaves nothing behind.
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.#closing.signal])
    const ended = new Promise<string>((resolve) => {
      client.on('error', (error) => resolve(error.message))
      client.on('end', () => resolve('the connection ended'))
      signal.addEventListener('abort', () => resolve('closed'), { once: true })
    })
    client.on('notification', ({ payload = '' }) => this.#hear(payload))
    try {
      const listening = client
        .connect()
        .then(() => client.query(`listen ${quoteIdentifier(this.#channel)}`))
        .then(() => undefined)
      const late = pauseFor(PATIENCE_MS, signal).then(() => 'the database did not answer')
      const refused = await Promise.race([listening, ended, late])
      if (refused !== undefined) return refused
      for (;;) {
        const heard = await Promise.race([this.#tryOut(), ended])
        if (typeof heard === 'string') return heard
        if (!heard) return 'one that was sent as a test did not arrive; through PgBouncer in transaction mode none do'
        if (this.#state === 'polling') this.#listens()
        const why = await Promise.race([ended, pauseFor(PROBE_MS, signal)])
        if (typeof why === 'string') return why
      }
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      // A broken connection can't say goodbye.
      const patience = new AbortController()
      await Promise.race([client.end().catch(() => undefined), pauseFor(GOODBYE_MS, patience.signal)])
      patience.abort()
      over.abort()
    }
  }

  #listens(): void {
    this.#state = 'listening'
    if (this.#told !== undefined) this.#options.onNotice('Notifications of other nodes come again.')
    this.#told = undefined
  }

  /** Once for each spell of trouble. */
  #tell(message: string): void {
    if (this.#told === undefined) this.#options.onNotice(message)
    this.#told = message
  }

  async #tryOut(): Promise<boolean> {
    const message = `${PROBE}${randomUUID()}`
    const heard = new Promise<boolean>((resolve) => {
      this.#probe = { message, heard: () => resolve(true) }
    })
    const late = new AbortController()
    try {
      await this.#options.notify(this.#channel, message)
      return await Promise.race([heard, pauseFor(PATIENCE_MS, late.signal).then(() => false)])
    } catch {
      // The way that news goes is broken, not this connection, or both: the next look tells.
      return true
    } finally {
      late.abort()
      this.#probe = undefined
    }
  }

  #hear(payload: string): void {
    if (payload.startsWith(PROBE)) {
      if (payload === this.#probe?.message) this.#probe.heard()
      return
    }
    const message = decodeNews(payload)
    if (message === undefined || message.node === this.#options.node) return
    for (const [news, ids] of message.news) for (const id of ids) this.#options.wakes.add(id, news)
  }
}

function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
    function end(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
  })
}
