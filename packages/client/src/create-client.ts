import type { JobId } from '@headway/protocol'
import { createTransportChooser } from './connection/choose-transport.js'
import { createLinks } from './connection/links.js'
import type { Downstream, Upstream } from './connection/upstream.js'
import { followByPolling } from './connection/transports/poll.js'
import { followBySse } from './connection/transports/sse.js'
import { followByWebSocket } from './connection/transports/websocket.js'
import { createCredentials } from './credentials.js'
import { HeadwayClientError } from './errors.js'
import { createFollow } from './follow/create-follow.js'
import { createHub } from './follow/hub.js'
import type { Hub } from './follow/hub.js'
import { createHttp } from './http.js'
import type { HttpClient } from './http.js'
import { createJobs, createJobTokens } from './jobs.js'
import { randomKey } from './random-key.js'
import { runtime as realRuntime } from './runtime.js'
import type { Runtime } from './runtime.js'
import { createServerAccess } from './server.js'
import { shareLater } from './tabs/share-later.js'
import type { ClientOptions, Connection, Follow, FollowOptions, Jobs, OwnEvents, TransportChoice } from './types.js'

/** A client of one server. */
export interface HeadwayClient {
  readonly baseUrl: string
  readonly jobs: Jobs
  /** The connection that all follows share. */
  readonly connection: Connection
  readonly http: HttpClient
  /** As `fetch`, with the client's key or token. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Ends all follows, without an error. */
  close(): void
}

/** A client of the server at `baseUrl`. Nothing is asked of it before it is used. */
export function createClient(options: ClientOptions, runtime: Runtime = realRuntime): HeadwayClient {
  const credentials = createCredentials(options)
  const server = createServerAccess(options.baseUrl, credentials, options.fetch)
  const Socket = options.WebSocket ?? globalThis.WebSocket
  const transports = {
    sse: followBySse,
    websocket: followByWebSocket(Socket),
    poll: followByPolling,
  }
  const hubs = new Map<TransportChoice, Hub>()
  // Only pages have tabs.
  const group = options.shareTabs ?? true
  const isShared = group !== false && typeof document !== 'undefined' && 'locks' in navigator
  const usual = options.transport ?? 'auto'

  function hubOf(choice: TransportChoice): Hub {
    let hub = hubs.get(choice)
    if (!hub) {
      if (choice === 'websocket' && !Socket) throw new HeadwayClientError('NO_WEBSOCKET', 'There is no WebSocket: give one.')
      const chooser = createTransportChooser(choice, Boolean(Socket))
      const connect = (downstream: Downstream): Upstream => createLinks({ server, runtime, chooser, transports }, downstream)
      hub = createHub(runtime, isShared && choice === usual ? shared(connect) : connect)
      hubs.set(choice, hub)
    }
    return hub
  }

  const shared =
    (connect: (downstream: Downstream) => Upstream) =>
    (downstream: Downstream): Upstream =>
      shareLater(
        {
          id: randomKey(),
          baseUrl: server.baseUrl,
          group: async () => (typeof group === 'string' ? group : credentials.show()),
          runtime,
          locks: navigator.locks,
          openChannel: (name) => new BroadcastChannel(name),
          connect,
        },
        downstream,
      )

  const { upstream, changed, onLists } = hubOf(usual)
  const tokens = createJobTokens(!credentials.isKey)
  const { readPage, ...jobs } = createJobs(server, tokens, {
    follow: <Own extends OwnEvents>(id: JobId, { token = tokens.get(id), transport = usual, ...more }: FollowOptions = {}) =>
      createFollow(id, { ...more, ...(token !== undefined && { token }) }, hubOf(transport), {
        runtime,
        readPage,
      }) as unknown as Follow<Own>,
    onChanged: onLists,
  })

  return {
    baseUrl: server.baseUrl,
    jobs,
    http: createHttp(server.baseUrl, server.send),
    fetch: server.send,
    connection: {
      get state() {
        return upstream.state
      },
      get transport() {
        return upstream.transport
      },
      get leader() {
        return upstream.leader
      },
      onChange: changed.add,
    },
    close: () => hubs.forEach((hub) => hub.close()),
  }
}
