import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A connection whose bytes a test sees as they come. */
export class RawClient {
  readonly socket: Socket
  #text = ''
  #ended = false
  #wake: (() => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      this.#text += String(text)
      this.#wake?.()
    })
    const end = (): void => {
      this.#ended = true
      this.#wake?.()
    }
    socket.on('end', end).on('close', end).on('error', end)
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject)
    })
    return new RawClient(socket)
  }

  /** Sends a request without a body. */
  get(path: string, headers: Readonly<Record<string, string>> = {}, { method = 'GET', version = '1.1' } = {}): void {
    const fields = Object.entries({ Host: 'test', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    this.socket.write(`${method} ${path} HTTP/${version}\r\n${fields.join('')}\r\n`)
  }

  /** All that came until now. */
  get text(): string {
    return this.#text
  }

  /** Waits until what came fits, and gives it. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#text)) {
      if (this.#ended) throw new Error(`The connection ended before ${pattern}: ${this.#text}`)
      await this.#news()
    }
    return this.#text
  }

  /** Waits for the end of the connection, and gives all that came. */
  async end(): Promise<string> {
    while (!this.#ended) await this.#news()
    return this.#text
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** The body of a response that was sent in chunks. */
export function dechunk(response: string): string {
  const bytes = Buffer.from(response.slice(response.indexOf('\r\n\r\n') + 4))
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (length === 0) break
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
  return Buffer.concat(parts).toString()
}
