import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HeadwayError, JobType } from '@headway/core'
import type { ClientInfo, ServerApp, ServerContext } from './context.js'
import type { ServerKit } from './kit.js'

/** A path of its own on which a service takes WebSockets. */
export interface SocketMount {
  /** The whole path, without a query: `/ws/compile`. */
  readonly path: string
  /** Takes over an upgrade request whose address was checked already. Who asks (`authorizeToken`) is for the service to find out. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, client: ClientInfo): void
}

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
  /** Adds the routes, with `addRoute`. Called once, before the server listens. */
  mount(app: ServerApp, kit: ServerKit): void
  sockets?(kit: ServerKit): readonly SocketMount[]
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
