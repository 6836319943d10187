import type { StoredJob } from '@headway/core'
import { clientMessageSchema, ROUTES } from '@headway/protocol'
import type { ClientMessage, JobId, Reset, ServerMessage } from '@headway/protocol'
import { misfitOf } from '../body/validate.js'
import type { Delivery } from './delivery.js'
import type { Dialect, ImmutableJob } from './dialect.js'
import { SocketError } from './websocket-protocol.js'
import type {
  Attachment,
  AttachmentEnd,
  SocketHandler,
  SocketProtocol,
  SocketRequest,
  SocketSession,
  Unwelcome,
  Welcome,
} from './websocket-protocol.js'

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
}

/** The log's events as `/ws` sends them. */
const eventMessages: Pick<Dialect, 'name' | 'encode'> = {
  name: 'native-socket',
  encode: (event, job) => [{ body: `{"type":"event","jobId":"${job.id}","seq":${event.seq},"event":${event.line}}` }],
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
  /** Mostly one or a few: an array that fits is smaller than a map. */
  #attached: readonly { readonly jobId: JobId; readonly attachment: Attachment }[] = []

  constructor(options: NativeSocketOptions<Principal>, session: SocketSession, principal: Principal) {
    this.#options = options
    this.#session = session
    this.#principal = principal
    const { maxSocketJobs: maxJobs, heartbeatMs } = options.delivery.settings
    session.send(say({ type: 'welcome', version: options.version, connectionId: session.connectionId, maxJobs, heartbeatMs }))
  }

  async message(received: unknown): Promise<void> {
    const message = clientMessage(received)
    switch (message.type) {
      case 'attach':
        return this.#attach(message)
      case 'detach':
        return this.#detach(message.jobId)
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

  async #attach({ jobId, after, token }: Extract<ClientMessage, { type: 'attach' }>): Promise<void> {
    const { maxSocketJobs } = this.#options.delivery.settings
    if (this.#find(jobId) !== undefined) throw new SocketError('ALREADY_ATTACHED', 'This connection watches that job already.')
    if (this.#attached.length >= maxSocketJobs)
      throw new SocketError('TOO_MANY_JOBS', `One connection watches at most ${maxSocketJobs} jobs.`)
    const job = await this.#options.authorizeJob(this.#principal, jobId, 'read', token)
    this.#session.send(say({ type: 'attached', jobId, after, head: job.head }))
    const ended = (end: AttachmentEnd): void => this.#ended(jobId, end)
    const attachment = this.#session.attach({ job, cursor: { after, skip: 0 }, dialect: eventMessages, reset: resetMessage, ended })
    this.#attached = [...this.#attached, { jobId, attachment }]
  }

  #detach(jobId: JobId): void {
    const found = this.#find(jobId)
    if (found === undefined) throw new SocketError('NOT_ATTACHED', 'This connection does not watch that job.')
    found.detach()
  }

  #ended(jobId: JobId, { how, after }: AttachmentEnd): void {
    this.#attached = this.#attached.filter((attached) => attached.jobId !== jobId)
    this.#session.send(say(how === 'finished' ? { type: 'end', jobId, seq: after } : { type: 'detached', jobId }))
  }

  #find(jobId: JobId): Attachment | undefined {
    return this.#attached.find((attached) => attached.jobId === jobId)?.attachment
  }
}

function resetMessage(reset: Reset, { id }: ImmutableJob): readonly string[] {
  return [say({ ...reset, jobId: id })]
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

function say(message: ServerMessage): string {
  return JSON.stringify(message)
}
