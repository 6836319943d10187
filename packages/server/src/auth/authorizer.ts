import { HeadwayError } from '@headway/core'
import type { Engine, StoredJob } from '@headway/core'
import { jobIdSchema } from '@headway/protocol'
import type { Access, JobRight } from '../kit.js'
import { limitExceeded } from '../limits/limits.js'
import type { Limits } from '../limits/limits.js'
import type { ApiKeys } from './api-keys.js'
import type { Credentials } from './credentials.js'
import { includesRole } from './principal.js'
import type { Principal, Role } from './principal.js'
import type { TokenClaims, Tokens } from './tokens.js'

/** The named limit on wrong keys and tokens from one address. */
export const BAD_CREDENTIALS_LIMIT = 'bad-credentials'

const ANONYMOUS: Principal = { kind: 'anonymous', id: 'anonymous' }

export interface AuthorizerOptions {
  readonly engine: Engine
  readonly keys: ApiKeys
  readonly tokens: Tokens
  /** Counts wrong keys: here, in this process. */
  readonly limits: Limits
}

/** Decides who may do what. */
export class Authorizer {
  readonly #options: AuthorizerOptions

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  /** See `ServerKit.requireRole`. */
  async requireRole(credentials: Credentials, role: Role, access: Access, ip: string): Promise<Principal> {
    if (credentials.apiKey === undefined) {
      if (access === 'public') return ANONYMOUS
      throw new HeadwayError('UNAUTHORIZED', 'This needs an API key, in the header X-API-Key.')
    }
    return this.#keyWithRole(credentials, role, ip)
  }

  /** See `ServerKit.authorizeJob`. Any of the credentials is enough; if none is, the first one's error is told. */
  async authorizeJob(credentials: Credentials, jobId: string, right: JobRight, ip: string): Promise<StoredJob> {
    const { apiKey, token, ticket } = credentials
    const ways: (() => Promise<StoredJob>)[] = []
    if (apiKey !== undefined) ways.push(() => this.#jobByKey(credentials, jobId, right, ip))
    if (token !== undefined) ways.push(() => this.#jobByToken(token, ['control', 'read'], jobId, right, ip))
    if (ticket !== undefined) ways.push(() => this.#jobByToken(ticket, ['ticket'], jobId, right, ip))
    let refusal: unknown = new HeadwayError('UNAUTHORIZED', "This needs the job's token (Authorization: Bearer) or an API key (X-API-Key).")
    for (const [index, way] of ways.entries()) {
      try {
        return await way()
      } catch (error) {
        if (!(error instanceof HeadwayError) || !REFUSALS.has(error.code)) throw error
        if (index === 0) refusal = error
      }
    }
    throw refusal
  }

  /** Whether these credentials are good for anything at all. @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, RATE_LIMIT_EXCEEDED */
  async check(credentials: Credentials, ip: string): Promise<void> {
    const { apiKey, token, ticket } = credentials
    if (apiKey !== undefined) await this.#keyWithRole(credentials, 'read', ip)
    for (const text of [token, ticket]) {
      if (text !== undefined) await this.#verify(text, ip)
    }
  }

  /** Whether this token controls that job; for repeated creations, which need no error. */
  async controls(token: string, jobId: string): Promise<boolean> {
    try {
      const claims = await this.#options.tokens.verify(token)
      return claims.sub === jobId && claims.scope === 'control'
    } catch (error) {
      if (error instanceof HeadwayError) return false
      throw error
    }
  }

  async #keyWithRole({ apiKey = '', mayBeToken }: Credentials, role: Role, ip: string): Promise<Principal> {
    const principal = this.#options.keys.find(apiKey)
    if (principal === undefined) {
      await this.#countFailure(ip)
      throw new HeadwayError(
        'UNAUTHORIZED',
        mayBeToken ? 'This is neither an API key nor the token of a job.' : 'There is no such API key.',
      )
    }
    if (!includesRole(principal.roles, role)) {
      throw new HeadwayError('FORBIDDEN', `This needs an API key with the role "${role}".`)
    }
    return principal
  }

  async #jobByKey(credentials: Credentials, jobId: string, right: JobRight, ip: string): Promise<StoredJob> {
    await this.#keyWithRole(credentials, right === 'read' ? 'read' : 'run', ip)
    return this.#job(jobId)
  }

  async #jobByToken(
    token: string,
    scopes: readonly TokenClaims['scope'][],
    jobId: string,
    right: JobRight,
    ip: string,
  ): Promise<StoredJob> {
    const claims = await this.#verify(token, ip)
    if (!scopes.includes(claims.scope)) throw new HeadwayError('FORBIDDEN', 'This token is not made for this use.')
    if (claims.sub !== jobId.toLowerCase()) throw new HeadwayError('FORBIDDEN', 'This token is for another job.')
    if (right === 'control' && claims.scope !== 'control') throw new HeadwayError('FORBIDDEN', 'This token can only read.')
    const job = await this.#job(jobId)
    if (claims.scope === 'ticket') this.#options.tokens.checkTicket(claims, job)
    return job
  }

  async #verify(token: string, ip: string): Promise<TokenClaims> {
    try {
      return await this.#options.tokens.verify(token)
    } catch (error) {
      if (error instanceof HeadwayError && error.code === 'UNAUTHORIZED') await this.#countFailure(ip)
      throw error
    }
  }

  /**
   * Counts what is no key and no token. Good ones are neither counted nor refused here: many clients may share an address, and one of them
   * with an old key must not lock out the others.
   *
   * @throws HeadwayError RATE_LIMIT_EXCEEDED
   */
  async #countFailure(ip: string): Promise<void> {
    const failures = await this.#options.limits.consume(BAD_CREDENTIALS_LIMIT, ip)
    if (failures?.exceeded === true) throw limitExceeded(failures)
  }

  #job(jobId: string): Promise<StoredJob> {
    const id = jobIdSchema.safeParse(jobId)
    if (!id.success) throw new HeadwayError('JOB_NOT_FOUND', 'There is no job with this id: ids are UUIDs.')
    return this.#options.engine.get(id.data)
  }
}

/** After these another way to prove a right is tried. */
const REFUSALS: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'FORBIDDEN', 'RATE_LIMIT_EXCEEDED'])
