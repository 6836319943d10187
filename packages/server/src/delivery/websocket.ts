import type { Server } from 'node:http'
import type { Delivery } from './delivery.js'
import type { SocketProtocol, SocketRequest, UpgradeRefusal } from './websocket-protocol.js'

export interface SocketRouterOptions {
  readonly delivery: Delivery
  /** Origins of web pages that may connect; `*` allows all. A request without an Origin (no browser) is always allowed. */
  readonly allowedOrigins: readonly string[]
  /** Refuses an upgrade with an HTTP answer: for address lists and limits. */
  readonly refuse?: (request: SocketRequest) => Promise<UpgradeRefusal | undefined>
}

/** Gives each upgrade of a server to the protocol at its path. */
export interface SocketRouter {
  add(protocol: SocketProtocol): void
  /** Takes the upgrades of this server. */
  attach(server: Server): void
}

export declare function createSocketRouter(options: SocketRouterOptions): SocketRouter
