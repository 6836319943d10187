import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { refusedError, unreachableError, UnreachableError } from './errors.js'
import { chooseServer } from './server-choice.js'
import type { ServerChoice, ServerFlags } from './server-choice.js'

export interface RequestOptions {
  readonly method?: 'GET' | 'POST'
  readonly query?: Readonly<Record<string, string | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** It may be sent again where the connection broke off: twice is as good as once. */
  readonly repeatable?: boolean
  /** How long the answer may take, in milliseconds. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const ANSWER_TIMEOUT_MS = 30_000
const ATTEMPTS = 3
const PAUSE_MS = 200

/** The native API of one server. */
export class Api {
  readonly base: URL
  readonly #key: string
  readonly #keyOrigin: string

  constructor({ base, key, keyOrigin }: ServerChoice) {
    this.base = base
    this.#key = key
    this.#keyOrigin = keyOrigin
  }

  get headers(): Readonly<Record<string, string>> {
    return { 'X-API-Key': this.#key }
  }

  /** @param path below the base, without a slash before it */
  url(path: string, query: RequestOptions['query'] = {}): URL {
    const url = new URL(path, this.base)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
    return url
  }

  /**
   * @throws UnreachableError, RefusedError; CommandError for an answer that does not fit `schema`
   */
  async request<Schema extends z.ZodType>(path: string, schema: Schema, options: RequestOptions = {}): Promise<z.output<Schema>> {
    const { body } = await this.#send(path, options)
    const parsed = schema.safeParse(body)
    if (parsed.success) return parsed.data
    throw this.noHeadway()
  }

  /** The error of an answer that makes no sense. @param why what is wrong with it, in a sentence */
  noHeadway(why?: string): CommandError {
    const text = `What answers at ${this.base.href} is no Headway server, or one of another version.`
    return new CommandError(why === undefined ? text : `${why} ${text}`, EXIT.failed)
  }

  async #send(path: string, options: RequestOptions): Promise<{ readonly body: unknown }> {
    const attempts = options.method === undefined || options.method === 'GET' || options.repeatable === true ? ATTEMPTS : 1
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#sendOnce(path, options)
      } catch (error) {
        // A connection that was kept open may have been closed from the other side at that moment.
        if (attempt >= attempts || !(error instanceof UnreachableError) || !error.mayHaveArrived) throw error
        await wait(PAUSE_MS * attempt)
      }
    }
  }

  async #sendOnce(path: string, { method = 'GET', query, body, headers, timeoutMs = ANSWER_TIMEOUT_MS, signal }: RequestOptions) {
    const timeout = AbortSignal.timeout(timeoutMs)
    let response: Response
    let text: string
    try {
      response = await fetch(this.url(path, query), {
        method,
        headers: {
          ...this.headers,
          Accept: 'application/json',
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // The key is for this server only.
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      })
      text = await response.text()
    } catch (error) {
      signal?.throwIfAborted()
      throw unreachableError(this.base, error)
    }
    const answer = parseJson(text)
    if (response.ok) return { body: answer }
    throw this.refusal(response.status, answer)
  }

  /** The error of an answer that is no success. @param body a problem document, or anything */
  refusal(status: number, body: unknown): Error {
    return refusedError(status, body, this.#keyOrigin)
  }
}

/** The API of the server that the flags, the environment or the settings name. @throws what `chooseServer` throws */
export async function openApi(flags: ServerFlags): Promise<Api> {
  return new Api(await chooseServer(flags))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
