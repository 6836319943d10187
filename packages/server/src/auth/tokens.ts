import { HeadwayError } from '@headway/core'
import type { Clock, StoredJob } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { IssuedToken } from '../kit.js'
import type { TokenScope } from './principal.js'
import type { SigningKeys } from './signing-keys.js'

const ALGORITHM = 'HS256'
const AUDIENCE = 'headway'
/** Of clocks of different nodes, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5
const MAX_TOKEN_LENGTH = 1024

/** A ticket is good for so long after its job's end, or after it was made for a job that is over. */
const TICKET_AFTER_END_MS = 60 * 60_000
/** The longest that a ticket can be good. */
const TICKET_MAX_MS = 24 * 60 * 60_000

const claimsSchema = z.object({ sub: z.string(), scope: z.enum(['read', 'control', 'ticket']), iat: z.number(), exp: z.number() })
/** What a token that was checked says. `iat` and `exp` are in seconds since the Unix epoch. */
export type TokenClaims = z.infer<typeof claimsSchema>

/** Makes and checks tokens for single jobs: JWTs, so that every node which has the signing keys can check them. */
export class Tokens {
  readonly #keys: SigningKeys
  readonly #clock: Clock
  readonly #maxMs: number

  /** @param maxMs no token is good for longer */
  constructor(keys: SigningKeys, clock: Clock, maxMs: number) {
    this.#keys = keys
    this.#clock = clock
    this.#maxMs = maxMs
  }

  issue(jobId: JobId, scope: TokenScope, ttlMs: number): Promise<IssuedToken> {
    return this.#sign(jobId, scope, this.#clock.now() + Math.min(ttlMs, this.#maxMs))
  }

  issueTicket(job: StoredJob): Promise<IssuedToken> {
    const now = this.#clock.now()
    return this.#sign(job.id, 'ticket', Math.min(now + TICKET_MAX_MS, ticketEnd(job, now)))
  }

  /** @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED */
  async verify(token: string): Promise<TokenClaims> {
    if (token.length > MAX_TOKEN_LENGTH) throw badToken()
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await this.#keys.find(kid)
          if (key === undefined) throw badToken()
          return key.secret
        },
        {
          algorithms: [ALGORITHM],
          audience: AUDIENCE,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(this.#clock.now()),
          requiredClaims: ['sub', 'exp', 'iat'],
        },
      )
      return claimsSchema.parse(payload)
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new HeadwayError('TOKEN_EXPIRED', 'The token has expired. Ask for a new one with an API key, or create the job again.')
      }
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw badToken()
      throw error
    }
  }

  /** @throws HeadwayError TOKEN_EXPIRED when the ticket's job ended too long ago */
  checkTicket(claims: TokenClaims, job: StoredJob): void {
    if (this.#clock.now() > ticketEnd(job, claims.iat * 1000)) {
      throw new HeadwayError('TOKEN_EXPIRED', 'The ticket has expired: its job ended a while ago. Ask for a new one.')
    }
  }

  async #sign(jobId: JobId, scope: TokenClaims['scope'], expiresAtMs: number): Promise<IssuedToken> {
    const key = await this.#keys.current()
    const expires = Math.floor(expiresAtMs / 1000)
    const token = await new SignJWT({ scope })
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid })
      .setSubject(jobId)
      .setAudience(AUDIENCE)
      .setIssuedAt(Math.floor(this.#clock.now() / 1000))
      .setExpirationTime(expires)
      .sign(key.secret)
    return { token, expiresAt: new Date(expires * 1000) }
  }
}

/** When a ticket that was made at `madeAt` ends because of its job; never, while the job is not over. */
function ticketEnd(job: StoredJob, madeAt: number): number {
  if (job.finishedAt === undefined) return Number.POSITIVE_INFINITY
  return Math.max(Date.parse(job.finishedAt), madeAt) + TICKET_AFTER_END_MS
}

/** Whether this could be one of our tokens, rather than an API key: three parts, as in RFC 7515. */
export function looksLikeToken(text: string): boolean {
  return /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text)
}

function badToken(): HeadwayError {
  return new HeadwayError('UNAUTHORIZED', 'The token is not valid here.')
}
