import type { SocketCaller } from '../auth/socket-caller.js'
import type { Delivery } from '../delivery/delivery.js'
import { nativeSocket } from '../delivery/websocket-native.js'
import type { SocketProtocol } from '../delivery/websocket-protocol.js'
import type { ServerKit } from '../kit.js'

export interface NativeSocketOptions {
  readonly delivery: Delivery
  readonly version: string
  readonly callerOf: ServerKit['callerOf']
}

/**
 * `/ws`. A connection shows a token as its subprotocol, a ticket in its URL, or a key in a header; or nothing, and then each `attach`
 * brings the token of its job, the first of them soon.
 */
export function nativeSocketOf({ delivery, version, callerOf }: NativeSocketOptions): SocketProtocol<SocketCaller> {
  return nativeSocket<SocketCaller>({
    delivery,
    version,
    async authenticate(request) {
      const principal = callerOf(request)
      await principal.check()
      return principal.showsNothing ? { principal, attachWithinMs: delivery.settings.socketAttachMs } : { principal }
    },
    authorizeJob: (principal, jobId, right, token) => principal.authorizeJob(jobId, right, token),
    authorizeLists: (principal) => principal.mayReadLists(),
  })
}
