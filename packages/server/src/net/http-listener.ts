import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { answerClientErrors } from './client-errors.js'

export interface HttpListenerOptions {
  readonly host: string
  readonly port: number
  readonly maxConnections: number
  readonly maxHeaderBytes: number
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly keepAliveMs: number
}

/** How often Node looks for clients that are too slow with their request, in milliseconds. */
const SLOW_CLIENT_CHECK_MS = 5_000

/** Node's own HTTP server with our limits, and a close that comes to its end. */
export class HttpListener {
  readonly server: Server
  readonly host: string
  readonly #port: number
  #closing = false

  constructor(options: HttpListenerOptions) {
    this.host = options.host
    this.#port = options.port
    this.server = createServer({
      maxHeaderSize: options.maxHeaderBytes,
      headersTimeout: options.headersTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      keepAliveTimeout: options.keepAliveMs,
      connectionsCheckingInterval: SLOW_CLIENT_CHECK_MS,
      noDelay: true,
      // Node would refuse it without a body: see `refuseWithoutHost`.
      requireHostHeader: false,
    })
    this.server.maxConnections = options.maxConnections
    answerClientErrors(this.server)
    this.server.on('request', (_request, response) => {
      response.once('close', () => {
        // A connection that was busy when the close began is idle only now.
        if (this.#closing) setImmediate(() => this.server.closeIdleConnections())
      })
    })
  }

  /** The port that it listens at; what was asked for, before it does. */
  get port(): number {
    const address = this.server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#port
  }

  /** Host and port as a URL has them. */
  get authority(): string {
    return `${isIPv6(this.host) ? `[${this.host}]` : this.host}:${this.port}`
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(this.#port, this.host, () => {
        this.server.off('error', reject)
        resolve()
      })
    })
  }

  /** Takes no more connections; those that are busy have `graceMs` to get their answers. */
  close(graceMs: number): Promise<void> {
    this.#closing = true
    if (!this.server.listening) return Promise.resolve()
    return new Promise((resolve) => {
      const grace = setTimeout(() => this.server.closeAllConnections(), graceMs)
      this.server.close(() => {
        clearTimeout(grace)
        resolve()
      })
      this.server.closeIdleConnections()
    })
  }
}
