import type { StoredJob } from '@headway/core'
import type { Delivery } from './delivery.js'
import type { SocketProtocol, SocketRequest, Unwelcome } from './websocket-protocol.js'

export interface NativeSocketOptions<Principal> {
  readonly delivery: Delivery
  /** Said in `welcome`. */
  readonly version: string
  /** Who opens the connection. The token is `request.token`; undefined where none was offered. */
  readonly authenticate: (request: SocketRequest) => Promise<{ readonly principal: Principal } | Unwelcome>
  /**
   * The job, if this connection may do this with it: by who opened it, or by the token that the message brought.
   *
   * @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN, JOB_NOT_FOUND
   */
  readonly authorizeJob: (principal: Principal, jobId: string, right: 'read' | 'control', token: string | undefined) => Promise<StoredJob>
}

/** The native protocol of `/ws`. */
export declare function nativeSocket<Principal>(options: NativeSocketOptions<Principal>): SocketProtocol<Principal>
