import { serverMessageSchema } from '@headway/protocol'
import type { ServerMessage } from '@headway/protocol'
import { onTestFinished } from 'vitest'
import type { TestServer } from './start.js'

/** A `POST /follow` as a stream, whose messages a test takes one by one. */
export class FollowStream {
  readonly answer: Response
  readonly #reader: ReadableStreamDefaultReader<string>
  readonly #gone: AbortController
  #text = ''
  /** All fields but the data of the messages, in their order. */
  readonly otherLines: string[] = []

  private constructor(answer: Response, body: ReadableStream<Uint8Array>, gone: AbortController) {
    this.answer = answer
    this.#gone = gone
    this.#reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  }

  static async open(server: TestServer, body: unknown, headers: Record<string, string> = {}): Promise<FollowStream> {
    const gone = new AbortController()
    onTestFinished(() => gone.abort())
    const answer = await server.ask('/follow', { json: body, headers: { accept: 'text/event-stream', ...headers }, signal: gone.signal })
    if (answer.body === null) throw new Error('The answer has no body.')
    return new FollowStream(answer, answer.body, gone)
  }

  /** The next message; undefined at the end of the stream. */
  async next(): Promise<ServerMessage | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end >= 0) {
        const lines = this.#text.slice(0, end).split('\n')
        this.#text = this.#text.slice(end + 2)
        this.otherLines.push(...lines.filter((line) => !line.startsWith('data: ')))
        const data = lines.find((line) => line.startsWith('data: '))
        if (data !== undefined) return serverMessageSchema.parse(JSON.parse(data.slice(6)))
        continue
      }
      const { done, value } = await this.#reader.read()
      if (done) return undefined
      this.#text += value
    }
  }

  /** The next message of a type; what comes before it is dropped. */
  async nextOf<Type extends ServerMessage['type']>(type: Type): Promise<Extract<ServerMessage, { type: Type }>> {
    for (;;) {
      const message = await this.next()
      if (message === undefined) throw new Error(`The stream ended before "${type}".`)
      if (message.type === type) return message as Extract<ServerMessage, { type: Type }>
    }
  }

  /** All messages until the end of the stream. */
  async rest(): Promise<ServerMessage[]> {
    const messages: ServerMessage[] = []
    for (let message = await this.next(); message !== undefined; message = await this.next()) messages.push(message)
    return messages
  }

  leave(): void {
    this.#gone.abort()
  }
}
