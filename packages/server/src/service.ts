import type { HeadwayError, JobType } from '@headway/core'
import type { ChannelDescription } from './asyncapi/channel-description.js'
import type { ServerApp, ServerContext } from './context.js'
import type { SocketProtocol } from './delivery/websocket-protocol.js'
import type { ServerKit } from './kit.js'
import type { RateLimit } from './limits/limiter.js'

/** Job types with an HTTP dialect of their own, as `createServer` takes them. */
export interface Service {
  /** For logs: `tasks`. */
  readonly name: string
  /** Registered with the engine before the server listens. A service may register more at any time (`kit.engine.register`). */
  readonly jobTypes: readonly JobType[]
  /** Beginnings of the paths under which errors are this service's: `/api/tasks`. A whole segment must fit. */
  readonly paths: readonly string[]
  /** Groups of routes in the OpenAPI description. */
  readonly tags?: readonly { readonly name: string; readonly description: string }[]
  /** Its streams and sockets, as the API descriptions show them. Streams are named by the answers of their routes, too. */
  readonly channels?: readonly ChannelDescription[]
  /** Adds the routes, with `addRoute`. Called once, before the server listens. */
  mount(app: ServerApp, kit: ServerKit): void
  /** What the service speaks over WebSocket, each at a path of its own. */
  sockets?(kit: ServerKit): readonly SocketProtocol[]
  /** Named rate limits for `kit.rateLimit`, with their defaults; `ServerOptions.limits` sets others. */
  readonly limits?: Readonly<Record<string, RateLimit>>
  /**
   * How an error under `paths` looks, unknown paths and refused methods included; a problem document (RFC 9457) where this is absent.
   * `error.code` is never that of a programming error: those come as INTERNAL_ERROR without details.
   */
  renderError?(error: HeadwayError, c: ServerContext): Response
  /** Called by `Server.listen`, before it listens. */
  start?(kit: ServerKit): Promise<void>
  /** Called by `Server.close`, after the last stream. */
  close?(): Promise<void>
}
