import type { StoredJob } from '@headway/core'
import { clientMessageSchema, ROUTES } from '@headway/protocol'
import type { ClientMessage } from '@headway/protocol'
import { misfitOf } from '../body/validate.js'
import type { Delivery } from './delivery.js'
import { NativeFollower, say } from './native-follower.js'
import type { FollowRights } from './native-follower.js'
import { SocketError } from './websocket-protocol.js'
import type { SocketHandler, SocketProtocol, SocketRequest, SocketSession, Unwelcome, Welcome } from './websocket-protocol.js'

/** The largest message of a client on `/ws`, in bytes: room for a token and a reason. */
export const MAX_NATIVE_MESSAGE_BYTES = 16 * 1024

export interface NativeSocketOptions<Principal> {
  readonly delivery: Delivery
  /** Said in `welcome`. */
  readonly version: string
  /** Who opens the connection. The token is `request.token`; undefined where none was offered. */
  readonly authenticate: (request: SocketRequest) => Promise<Welcome<Principal> | Unwelcome>
  /**
   * The job, if this connection may do this with it: by who opened it, or by the token that the message brought.
   *
   * @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN, JOB_NOT_FOUND
   */
  readonly authorizeJob: (principal: Principal, jobId: string, right: 'read' | 'control', token: string | undefined) => Promise<StoredJob>
  /** Whether this connection may be told of the changes of all jobs. @throws HeadwayError FORBIDDEN */
  readonly authorizeLists: (principal: Principal) => Promise<void>
}

/** The native protocol of `/ws`. Its messages are `clientMessageSchema` and `serverMessageSchema`. */
export function nativeSocket<Principal>(options: NativeSocketOptions<Principal>): SocketProtocol<Principal> {
  return {
    path: ROUTES.websocket,
    maxMessageBytes: MAX_NATIVE_MESSAGE_BYTES,
    idleMs: options.delivery.settings.socketIdleMs,
    authenticate: options.authenticate,
    open: (session, principal) => new NativeHandler(options, session, principal),
    error: (code, message, about) => say({ type: 'error', code, message, ...jobIdOf(about) }),
    heartbeat: () => say({ type: 'heartbeat' }),
  }
}

class NativeHandler<Principal> implements SocketHandler {
  readonly #options: NativeSocketOptions<Principal>
  readonly #session: SocketSession
  readonly #principal: Principal
  readonly #follower: NativeFollower

  constructor(options: NativeSocketOptions<Principal>, session: SocketSession, principal: Principal) {
    this.#options = options
    this.#session = session
    this.#principal = principal
    const { delivery, version } = options
    const rights: FollowRights = {
      readJob: (jobId, token) => options.authorizeJob(principal, jobId, 'read', token),
      readLists: () => options.authorizeLists(principal),
    }
    this.#follower = new NativeFollower(session, { delivery, version, maxJobs: delivery.settings.maxSocketJobs, rights })
  }

  async message(received: unknown): Promise<void> {
    const message = clientMessage(received)
    switch (message.type) {
      case 'attach':
        return this.#follower.attach(message)
      case 'detach':
        return this.#follower.detach(message.jobId)
      case 'lists':
        return this.#follower.lists(message.on)
      case 'ping':
        return this.#session.send(say({ type: 'pong' }))
      case 'cancel':
      case 'pause':
      case 'resume': {
        const { type, jobId, token, reason } = message
        await this.#options.authorizeJob(this.#principal, jobId, 'control', token)
        await this.#options.delivery.engine.request(jobId, type, reason)
        return this.#session.send(say({ type: 'accepted', jobId, request: type }))
      }
    }
  }

  watches(): boolean {
    return !this.#follower.idle
  }

  closed(): void {
    this.#follower.closed()
  }
}

function clientMessage(received: unknown): ClientMessage {
  const found = clientMessageSchema.safeParse(received)
  if (found.success) return found.data
  const type: unknown = typeof received === 'object' && received !== null && 'type' in received ? received.type : undefined
  const known = clientMessageSchema.options.some((option) => option.shape.type.safeParse(type).success)
  if (known || typeof type !== 'string') throw new SocketError('INVALID_MESSAGE', misfitOf(found.error, 'The message'))
  throw new SocketError('UNKNOWN_MESSAGE_TYPE', 'There is no message of this type; see PROTOCOL.md.')
}

/** The job that a refused message spoke of, as far as it can be told. */
function jobIdOf(about: unknown): { jobId?: string } {
  const isObject = typeof about === 'object' && about !== null
  return isObject && 'jobId' in about && typeof about.jobId === 'string' ? { jobId: about.jobId.slice(0, 64) } : {}
}
