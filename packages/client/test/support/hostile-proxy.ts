import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { HarmedMessages, sleep, Weather } from './harm.js'

/**
 * A network between a client and a server that refuses, delays and cuts connections, doubles requests, and does to their messages all that
 * {@link HarmedMessages} does: on streams of events, sockets and polls.
 */
export class HostileProxy {
  /** Good, until it is made bad. */
  weather = new Weather(0, 0, 0)
  url = ''
  readonly #target: URL
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: (protocols) => [...protocols][0] ?? false })

  constructor(target: string) {
    this.#target = new URL(target)
    this.#server = createServer((incoming, outgoing) => void this.#request(incoming, outgoing).catch(() => outgoing.destroy()))
    this.#server.on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket, head))
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    for (const socket of this.#sockets.clients) socket.terminate()
    await once(this.#server, 'close')
  }

  async #request(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { weather } = this
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    if (weather.strikes(0.5)) return void incoming.socket.destroy()
    if (weather.strikes(0.5)) return void outgoing.writeHead(503).end()
    if (weather.strikes()) await sleep(weather.moment())
    const ask = async (): Promise<IncomingMessage> => {
      const { method, url = '/', headers } = incoming
      const { hostname, port } = this.#target
      const forward = request({ hostname, port, method, path: url, headers, agent: false })
      outgoing.once('close', () => forward.destroy())
      forward.on('error', () => undefined).end(Buffer.concat(chunks))
      const [answer] = (await once(forward, 'response')) as [IncomingMessage]
      answer.on('error', () => undefined)
      return answer
    }
    // The same request arrives twice.
    if (weather.strikes(0.5))
      void ask().then(
        (answer) => answer.resume(),
        () => undefined,
      )
    const answer = await ask()
    if (answer.headers['content-type']?.includes('event-stream')) this.#stream(answer, outgoing)
    else await this.#whole(answer, outgoing)
  }

  #stream(answer: IncomingMessage, outgoing: ServerResponse): void {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    outgoing.flushHeaders()
    const messages = new HarmedMessages(this.weather, {
      send: (text) => void outgoing.write(text),
      half: (text) => void outgoing.write(text.slice(0, text.length / 2), () => outgoing.destroy()),
      cut: () => outgoing.destroy(),
    })
    let rest = ''
    answer.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) messages.push(`${part}\n\n`)
    })
    answer.on('end', () => messages.afterAll(() => outgoing.end()))
  }

  /** A page, or the answer to a poll: its messages come to harm, or itself. */
  async #whole(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { weather } = this
    let text = ''
    for await (const part of answer.setEncoding('utf8')) text += part as string
    const body = JSON.parse(text) as { readonly messages?: readonly object[] }
    if (body.messages) {
      const messages: string[] = []
      let isCut = false
      const passing = new HarmedMessages(weather, {
        send: (message) => void messages.push(message),
        half: () => (isCut = true),
        cut: () => (isCut = true),
      })
      for (const message of body.messages) passing.push(JSON.stringify(message))
      await Promise.race([new Promise<void>((resolve) => passing.afterAll(resolve)), sleep(200)])
      if (isCut) return void outgoing.destroy()
      text = `{"messages":[${messages.join(',')}]}`
    }
    const headers = { ...answer.headers }
    delete headers['content-length']
    delete headers['transfer-encoding']
    outgoing.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': Buffer.byteLength(text) })
    if (weather.strikes(0.3)) outgoing.write(text.slice(0, text.length / 2), () => outgoing.destroy())
    else if (!weather.strikes(0.3)) outgoing.end(text)
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { weather } = this
    if (weather.strikes(0.5)) return void socket.destroy()
    this.#sockets.handleUpgrade(incoming, socket, head, (client) => {
      const protocols = incoming.headers['sec-websocket-protocol']
      const server = new WebSocket(`ws://${this.#target.host}${incoming.url}`, protocols === undefined ? [] : [protocols])
      const opened = once(server, 'open').catch(() => client.terminate())
      const down = new HarmedMessages(weather, {
        send: (text) => client.send(text),
        half: () => client.terminate(),
        cut: () => client.terminate(),
      })
      server.on('message', (data: Buffer) => down.push(data.toString()))
      server.on('error', () => undefined)
      server.on('close', (code, reason) =>
        down.afterAll(() => (code === 1005 || code === 1006 ? client.terminate() : client.close(code, reason))),
      )
      client.on('message', (data: Buffer) => {
        const times = weather.strikes() ? 2 : 1
        const moment = weather.strikes() ? weather.moment() : 0
        void opened.then(async () => {
          await sleep(moment)
          for (let time = 0; time < times; time += 1) if (server.readyState === WebSocket.OPEN) server.send(data.toString())
        })
      })
      client.on('error', () => undefined)
      client.on('close', () => server.terminate())
    })
  }
}
