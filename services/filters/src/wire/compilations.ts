import { randomUUID } from 'node:crypto'
import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import type { JobId, JobRequest, Json } from '@headway/protocol'
import type { Access, IssuedToken, Principal, ServerContext, ServerKit } from '@headway/server'
import { COMPILE_JOB_TYPE } from '../jobs/compile-input.js'
import type { CompileInput } from '../jobs/compile-input.js'
import { ownerOf } from '../jobs/owner.js'
import { isLargeContent, packTexts } from '../jobs/packed-texts.js'

/** The named rate limit of what begins compilations. */
export const COMPILE_LIMIT = 'compile'

/** What a client asks for, its configuration checked (`compileBodySchema`). */
export interface CompileRequest extends Pick<CompileInput, 'configuration' | 'preFetchedContent' | 'benchmark'> {
  /** The pre-fetched texts in place of `preFetchedContent`, in the form of `packTexts`. */
  readonly packedContent?: Uint8Array
}

/** Who asks. `context` is the HTTP request, where there is one: its `Idempotency-Key` then counts. */
export interface Requester {
  readonly principal: Principal
  readonly ip: string
  readonly context?: ServerContext
}

export interface StartedCompilation {
  readonly job: StoredJob
  /** Reads and controls this compilation. */
  readonly token: IssuedToken
  /** False: the request was a repetition under its `Idempotency-Key`. */
  readonly created: boolean
}

/**
 * Compilations as both HTTP and the WebSocket begin, find and control them.
 *
 * A request is one job: its log is followed through `kit.delivery` with `wireEventsOf`, its end is told by `compileEndOf`, and its rules are the blob
 * `result.rules`. What one WebSocket message does: `admit`, `caller.requireRole('run', compilations.access)`, `start`; later `control`. To attach: `caller.authorizeJob`, then `check`.
 */
export class Compilations {
  /** Who may begin one. */
  readonly access: Access
  readonly #kit: ServerKit

  constructor(kit: ServerKit, access: Access) {
    this.#kit = kit
    this.access = access
  }

  /** Counts one request of an address that begins compilations. @throws HeadwayError RATE_LIMIT_EXCEEDED */
  admit(ip: string): Promise<void> {
    return this.#kit.consume(COMPILE_LIMIT, ip)
  }

  /**
   * Makes the job of a request. It is durable when this resolves.
   *
   * @throws HeadwayError VALIDATION_ERROR (`fields` point into `/configuration`), SHUTTING_DOWN, IDEMPOTENCY_MISMATCH
   */
  async start(request: CompileRequest, requester: Requester): Promise<StartedCompilation> {
    this.#kit.assertAccepting()
    const id = randomUUID()
    const { configuration, benchmark } = request
    const owner = ownerOf(requester.principal, requester.ip)
    const packed = packedContentOf(request)
    const common = { configuration, ...(benchmark === true && { benchmark }), ...(owner !== undefined && { owner }) }
    if (packed === undefined) {
      const { preFetchedContent } = request
      return this.#create(id, { ...common, ...(preFetchedContent !== undefined && { preFetchedContent }) }, requester)
    }
    const { blobs } = this.#kit.engine.stores
    const preFetchedBlob = await blobs.put(id, slicesOf(packed))
    const started = await this.#create(id, { ...common, preFetchedBlob }, requester, { ...common, sha256: preFetchedBlob.sha256 }).catch(
      async (error: unknown) => {
        await blobs.deleteAll(id)
        throw error
      },
    )
    if (started.job.id !== id) await blobs.deleteAll(id)
    return started
  }

  /** The job, if it is a compilation. @throws HeadwayError JOB_NOT_FOUND */
  check(job: StoredJob): StoredJob {
    if (job.type !== COMPILE_JOB_TYPE)
      throw new HeadwayError('JOB_NOT_FOUND', `There is no compilation ${job.id}; it may have been pruned.`)
    return job
  }

  /** Cancels, pauses or resumes; what is so already is a success. Whether the caller may is settled before. @throws HeadwayError JOB_FINISHED */
  control(id: JobId, request: JobRequest, reason?: string): Promise<StoredJob> {
    return this.#kit.engine.request(id, request, reason)
  }

  async #create(id: JobId, input: CompileInput, requester: Requester, comparedInput: Json = input): Promise<StartedCompilation> {
    const { context, principal } = requester
    if (context !== undefined) return this.#kit.createJob(context, principal, COMPILE_JOB_TYPE, input, { id, comparedInput })
    const { job, created } = await this.#kit.engine.create(COMPILE_JOB_TYPE, input, { id })
    return { job, created, token: await this.#kit.issueToken(job.id) }
  }
}

function packedContentOf({ packedContent, preFetchedContent }: CompileRequest): Uint8Array | undefined {
  if (packedContent !== undefined) return packedContent
  return preFetchedContent !== undefined && isLargeContent(preFetchedContent) ? packTexts(preFetchedContent) : undefined
}

/** How much is written at a time, in bytes. */
const SLICE_BYTES = 64 * 1024

async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    await Promise.resolve()
    yield bytes.subarray(start, start + SLICE_BYTES)
  }
}
