import { channelChecker } from './channel-checker.js'
import { KEY } from './described-server.js'
import type { DescribedServer } from './described-server.js'
import { SocketClient } from './socket-client.js'

/** A connection whose every message, of both sides, is checked against the description of its channel. */
interface DescribedSocket {
  readonly checker: ReturnType<typeof channelChecker>
  readonly client: SocketClient
  /** Sends what is described; what is not goes by `client.send`. */
  readonly say: (message: object) => void
}

/** Connects; the greeting and a ping are over. */
export async function openDescribedSocket(server: DescribedServer, path: string, channel: string): Promise<DescribedSocket> {
  const checker = channelChecker(server.asyncApi, channel)
  const client = new SocketClient(`${server.url}${path}`, KEY, (message) => checker.sent(message))
  const say = (message: object): void => {
    checker.received(message)
    client.send(message)
  }
  await client.nextOf('welcome')
  say({ type: 'ping' })
  await client.nextOf('pong')
  return { checker, client, say }
}
