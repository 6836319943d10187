import { randomUUID } from 'node:crypto'
import { HeadwayError, ServerKey } from '@headway/core'
import type { OpenJobs, StoredJob } from '@headway/core'
import type { JobId, JobRequest } from '@headway/protocol'
import { ownerOf } from '@headway/server'
import type { Access, IssuedToken, Principal, ServerContext, ServerKit } from '@headway/server'
import { BATCH_JOB_TYPE } from '../jobs/batch-input.js'
import type { BatchInput } from '../jobs/batch-input.js'
import { COMPILE_JOB_TYPE } from '../jobs/compile-input.js'
import type { CompileInput } from '../jobs/compile-input.js'
import { openCompilations } from '../jobs/open-compilations.js'
import { sealed, SERVER_KEY } from '../jobs/sealed-input.js'
import { comparedInput, inputOf } from './compile-inputs.js'
import type { CompileRequest, StoreContent } from './compile-inputs.js'

/** The named rate limit of what begins compilations. */
export const COMPILE_LIMIT = 'compile'

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
 * `result.rules`. What one WebSocket message does: `admit`, `caller.requireRole('run', compilations.access)`, `start`; later `control`. To attach:
 * `caller.authorizeJob`, then `check`. HTTP routes do the same, but that a middleware admits (`kit.rateLimit`).
 */
export class Compilations {
  /** Who may begin one. */
  readonly access: Access
  /** How many each owner has that are not over. */
  readonly open: OpenJobs
  readonly #kit: ServerKit
  #key: ServerKey | undefined

  constructor(kit: ServerKit, access: Access, open = openCompilations(kit.engine, 0)) {
    this.#kit = kit
    this.access = access
    this.open = open
  }

  /** Counts one request of an address that begins compilations. @throws HeadwayError RATE_LIMIT_EXCEEDED */
  admit(ip: string): Promise<void> {
    return this.#kit.consume(COMPILE_LIMIT, ip)
  }

  /**
   * Makes the job of a request. It is durable when this resolves.
   *
   * @throws HeadwayError VALIDATION_ERROR (`fields` point into `/configuration`), TOO_MANY_OPEN, SHUTTING_DOWN, IDEMPOTENCY_MISMATCH
   */
  start(request: CompileRequest, requester: Requester): Promise<StartedCompilation> {
    return this.#start(COMPILE_JOB_TYPE, requester, [request], async (content, owner) => ({
      ...(await inputOf(request, content)),
      ...(owner !== undefined && { owner }),
    }))
  }

  /** Makes the job of several lists, each on its own. @throws HeadwayError as `start` */
  startBatch(requests: readonly (CompileRequest & { readonly id: string })[], requester: Requester): Promise<StartedCompilation> {
    return this.#start(BATCH_JOB_TYPE, requester, requests, async (content, owner) => {
      const inputs: BatchInput['requests'] = []
      for (const request of requests) inputs.push({ id: request.id, ...(await inputOf(request, content)) })
      return { requests: inputs, ...(owner !== undefined && { owner }) }
    })
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

  /** @param make the input; what is large or secret in it is put into the job's blobs by `content` first */
  async #start(
    type: string,
    { context, principal, ip }: Requester,
    requests: readonly CompileRequest[],
    make: (content: StoreContent, owner: string | undefined) => Promise<CompileInput | BatchInput>,
  ): Promise<StartedCompilation> {
    this.#kit.assertAccepting()
    const { engine } = this.#kit
    const { blobs } = engine.stores
    const id = randomUUID()
    const key = (this.#key ??= await ServerKey.open(engine.stores.keyValues, SERVER_KEY))
    const owner = ownerOf(principal, ip, key)
    // What only asks again for a job opens nothing: it gets that job, however many are open.
    const opens = context === undefined || !(await this.#kit.isRepetition(context, principal))
    if (opens) this.open.take(id, owner, requests.length)
    let started: { readonly job: StoredJob; readonly created: boolean; readonly token?: IssuedToken }
    try {
      const input = sealed(await make((bytes) => blobs.put(id, slicesOf(bytes)), owner), key)
      started =
        context === undefined
          ? await engine.create(type, input, { id })
          : await this.#kit.createJob(context, principal, type, input, { id, comparedInput: comparedInput(input, requests) })
    } catch (error) {
      await this.#forget(id)
      throw error
    }
    const { job, created, token } = started
    // A repetition has its place and its texts already.
    if (!created) await this.#forget(id)
    return { job, created, token: token ?? (await this.#kit.issueToken(job.id)) }
  }

  /** There is no job of this id after all. */
  async #forget(id: JobId): Promise<void> {
    this.open.giveBack(id)
    await this.#kit.engine.stores.blobs.deleteAll(id)
  }
}

/** How much is written at a time, in bytes. */
const SLICE_BYTES = 64 * 1024

async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    await Promise.resolve()
    yield bytes.subarray(start, start + SLICE_BYTES)
  }
}
