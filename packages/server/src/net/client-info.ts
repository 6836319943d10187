import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { ClientInfo } from '../context.js'
import type { AddressSet } from './addresses.js'
import { sourceOf } from './forwarded.js'

/** What is taken over as a request id: nothing that could break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/

export interface ClientInfoOptions {
  readonly trusted: AddressSet
  readonly log: Logger
  /** Where the server listens, for requests whose Host can't be used. */
  readonly fallbackHost: () => string
}

/** Reads from a request who sent it. `X-Request-Id` is kept where it is sane, else made. */
export function clientInfoOf(request: IncomingMessage, options: ClientInfoOptions): ClientInfo {
  const source = sourceOf(request, options.trusted)
  const asked = request.headers['x-request-id']
  const requestId = typeof asked === 'string' && REQUEST_ID.test(asked) ? asked : randomUUID()
  return new Client(requestId, source.ip, `${source.protocol}://${source.host ?? options.fallbackHost()}`, options.log)
}

/** Each open stream holds one, so it is kept small. */
class Client implements ClientInfo {
  readonly requestId: string
  readonly ip: string
  readonly origin: string
  readonly #parent: Logger
  /** Made when somebody logs: of thousands of open streams few do before their end. */
  #log: Logger | undefined

  constructor(requestId: string, ip: string, origin: string, parent: Logger) {
    this.requestId = requestId
    this.ip = ip
    this.origin = origin
    this.#parent = parent
  }

  get log(): Logger {
    return (this.#log ??= this.#parent.child({ requestId: this.requestId }))
  }
}
