import { Agent } from 'undici'
import { retryAfterMs } from '@headway/core/breaker'
import { ProviderError } from '../provider-error.js'
import { networkError, statusError } from './http-errors.js'
import { readJson } from './read-json.js'

/** How a provider's server is talked to; times in milliseconds. */
export interface HttpSettings {
  /** Until the connection stands. Default 10 s. */
  readonly connectTimeoutMs?: number
  /** For a whole request with its answer. Default 30 s. */
  readonly timeoutMs?: number
  /** Bytes of an answer. Default 8 MiB. */
  readonly maxBytes?: number
  /** Requests at a time. Default 4. */
  readonly connections?: number
}

export interface JsonClientOptions extends HttpSettings {
  /** Who is asked, as errors name it. */
  readonly name: string
  /** Its paths begin here. A path of its own is kept. */
  readonly baseUrl: string
  /** Sent with every request; keys are here, and so in no URL. */
  readonly headers: Readonly<Record<string, string>>
}

export interface JsonRequest {
  /** Below the base, without a slash in front, encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly body?: unknown
}

/** Asks one server for JSON. */
export interface JsonClient {
  /**
   * Gives the JSON of an answer 200, and undefined for 404.
   *
   * @throws ProviderError; the signal's reason when it is aborted
   */
  ask(request: JsonRequest, signal: AbortSignal): Promise<unknown>
  /** Ends what is under way and closes all connections. */
  close(): Promise<void>
}

const DEFAULTS = { connectTimeoutMs: 10_000, timeoutMs: 30_000, maxBytes: 8 * 1024 * 1024, connections: 4 } as const
/** A connection that nobody uses is kept for so long, in milliseconds. */
const KEEP_ALIVE_MS = 4000

/** Makes a client. @throws TypeError when the base is no http or https URL */
export function createJsonClient(options: JsonClientOptions): JsonClient {
  const { name, headers } = options
  const { connectTimeoutMs, timeoutMs, maxBytes, connections } = { ...DEFAULTS, ...options }
  const base = baseOf(name, options.baseUrl)
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    connections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  })

  const ask = async ({ path, query, body }: JsonRequest, signal: AbortSignal): Promise<unknown> => {
    const url = new URL(path, base)
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value)
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    })
    if (answer.statusCode === 200) return readJson(name, answer.headers, answer.body, maxBytes)
    // How much would still come is not known: the connection goes with it.
    answer.body.on('error', () => undefined).destroy()
    if (answer.statusCode === 404) return undefined
    throw statusError(name, answer.statusCode, retryAfterMs(answer.headers['retry-after'], Date.now()))
  }

  return {
    async ask(request, signal) {
      signal.throwIfAborted()
      const timeout = AbortSignal.timeout(timeoutMs)
      const either = AbortSignal.any([signal, timeout])
      try {
        return await orAborted(ask(request, either), either)
      } catch (error) {
        signal.throwIfAborted()
        if (timeout.aborted) throw tooSlow(name, timeoutMs)
        throw error instanceof ProviderError ? error : networkError(error, name)
      }
    },
    close: () => agent.destroy(),
  }
}

/** An abort is heard at once, also while the connection is still being made: undici hears it only afterwards. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let give: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    give = () => reject(signal.reason as Error)
    signal.addEventListener('abort', give, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (give !== undefined) signal.removeEventListener('abort', give)
    work.catch(() => undefined)
  }
}

function baseOf(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new TypeError(`"${name}": the base must be an http or https URL.`)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function tooSlow(name: string, ms: number): ProviderError {
  const seconds = String(Math.ceil(ms / 1000))
  return new ProviderError('API_ERROR', `"${name}" did not answer as a whole within ${seconds} s.`, { retry: 'soon' })
}
