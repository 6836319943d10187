import type { Authorizer } from '../auth/authorizer.js'
import { credentialsOf, credentialsOfText } from '../auth/credentials.js'
import type { Credentials } from '../auth/credentials.js'
import type { ClientInfo } from '../context.js'
import type { Delivery } from '../delivery/delivery.js'
import { nativeSocket } from '../delivery/websocket-native.js'
import type { SocketProtocol, SocketRequest } from '../delivery/websocket-protocol.js'

export interface NativeSocketOptions {
  readonly delivery: Delivery
  readonly authorizer: Authorizer
  readonly version: string
  readonly clientOf: (request: SocketRequest['request']) => ClientInfo
}

interface SocketPrincipal {
  readonly credentials: Credentials
  readonly ip: string
}

/**
 * `/ws`. A connection shows a token as its subprotocol, a ticket in its URL, or a key in a header; or nothing, and then each `attach`
 * brings the token of its job, the first of them soon.
 */
export function nativeSocketOf({ delivery, authorizer, version, clientOf }: NativeSocketOptions): SocketProtocol<SocketPrincipal> {
  return nativeSocket<SocketPrincipal>({
    delivery,
    version,
    async authenticate(request) {
      const { ip } = clientOf(request.request)
      const credentials = socketCredentials(request)
      await authorizer.check(credentials, ip)
      const principal = { credentials, ip }
      const showsNothing = Object.keys(credentials).length === 0
      return showsNothing ? { principal, attachWithinMs: delivery.settings.socketAttachMs } : { principal }
    },
    authorizeJob: ({ credentials, ip }, jobId, right, token) =>
      authorizer.authorizeJob(token === undefined ? credentials : credentialsOfText(token), jobId, right, ip),
  })
}

function socketCredentials({ request, url, token }: SocketRequest): Credentials {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return { ...credentialsOf(header, url.searchParams.get('ticket') ?? undefined), ...credentialsOfText(token) }
}
