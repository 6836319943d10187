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
  /** Sent as multipart/form-data, in place of a body. */
  readonly form?: FormData
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
  readonly headers: Readonly<Record<string, string>>
  readonly #choice: ServerChoice

  /** @param token of a job, beside the key */
  constructor(choice: ServerChoice, token?: string) {
    this.base = choice.base
    this.#choice = choice
    this.headers = {
      ...(choice.key !== undefined && { 'X-API-Key': choice.key }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    }
  }

  /** The same for whoever has the token of a job. */
  withToken(token: string): Api {
    return new Api(this.#choice, token)
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
    const parsed = schema.safeParse(parseJson(await this.#send(path, options)))
    if (parsed.success) return parsed.data
    throw this.noHeadway()
  }

  /** The bytes of a file. @throws UnreachableError, RefusedError */
  bytes(path: string): Promise<Uint8Array> {
    return this.#send(path, { headers: { Accept: '*/*' } })
  }

  /** The error of an answer that makes no sense. @param why what is wrong with it, in a sentence */
  noHeadway(why?: string): CommandError {
    const text = `What answers at ${this.base.href} is no Headway server, or one of another version.`
    return new CommandError(why === undefined ? text : `${why} ${text}`, EXIT.failed)
  }

  async #send(path: string, options: RequestOptions): Promise<Uint8Array> {
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

  async #sendOnce(path: string, { method = 'GET', query, body, form, headers, timeoutMs = ANSWER_TIMEOUT_MS, signal }: RequestOptions) {
    const timeout = AbortSignal.timeout(timeoutMs)
    let response: Response
    let bytes: Uint8Array
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
        ...(form !== undefined && { body: form }),
        // The key is for this server only.
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      })
      bytes = new Uint8Array(await response.arrayBuffer())
    } catch (error) {
      signal?.throwIfAborted()
      throw unreachableError(this.base, error)
    }
    if (response.ok) return bytes
    throw this.refusal(response.status, parseJson(bytes))
  }

  /** The error of an answer that is no success. @param body a problem document, or anything */
  refusal(status: number, body: unknown): Error {
    return refusedError(status, body, this.#choice.keyOrigin)
  }
}

/** The API of the server that the flags, the environment or the settings name. @throws what `chooseServer` throws */
export async function openApi(flags: ServerFlags): Promise<Api> {
  return new Api(await chooseServer(flags))
}

/** The same for routes that may be open to everybody: without a key where there is none. @throws what `chooseServer` throws */
export async function openPublicApi(flags: ServerFlags): Promise<Api> {
  return new Api(await chooseServer(flags, true))
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
