import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import type { ClientInfo } from '../context.js'
import type { SocketRequest } from '../delivery/websocket-protocol.js'
import type { Access, JobRight } from '../kit.js'
import type { Authorizer } from './authorizer.js'
import { credentialsOf, credentialsOfText } from './credentials.js'
import type { Credentials } from './credentials.js'
import type { Principal, Role } from './principal.js'

/** Whoever opened a socket: a token as its subprotocol, a ticket in its URL, a key in a header; or nothing. */
export class SocketCaller {
  readonly ip: string
  readonly #credentials: Credentials
  readonly #authorizer: Authorizer

  constructor(request: SocketRequest, client: ClientInfo, authorizer: Authorizer) {
    this.ip = client.ip
    this.#credentials = socketCredentials(request)
    this.#authorizer = authorizer
  }

  get showsNothing(): boolean {
    return Object.keys(this.#credentials).length === 0
  }

  /** Whether what it shows is good for anything at all; nothing is. @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, RATE_LIMIT_EXCEEDED */
  check(): Promise<void> {
    return this.#authorizer.check(this.#credentials, this.ip)
  }

  /** As `ServerKit.requireRole`. @throws HeadwayError UNAUTHORIZED, FORBIDDEN, RATE_LIMIT_EXCEEDED */
  requireRole(role: Role, access: Access = 'key'): Promise<Principal> {
    return this.#authorizer.requireRole(this.#credentials, role, access, this.ip)
  }

  /** Whether it may be told of all jobs, which only an API key may. @throws HeadwayError FORBIDDEN, RATE_LIMIT_EXCEEDED */
  async mayReadLists(): Promise<void> {
    const { apiKey } = this.#credentials
    if (apiKey === undefined) throw new HeadwayError('FORBIDDEN', 'Lists of jobs need an API key with the role "read".')
    await this.requireRole('read')
  }

  /**
   * As `ServerKit.authorizeJob`.
   *
   * @param token that a message brought for this job; absent: what the socket was opened with counts
   * @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN, JOB_NOT_FOUND
   */
  authorizeJob(jobId: string, right: JobRight, token?: string): Promise<StoredJob> {
    const credentials = token === undefined ? this.#credentials : credentialsOfText(token)
    return this.#authorizer.authorizeJob(credentials, jobId, right, this.ip)
  }
}

function socketCredentials({ request, url, token }: SocketRequest): Credentials {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return { ...credentialsOf(header, url.searchParams.get('ticket') ?? undefined), ...credentialsOfText(token) }
}
