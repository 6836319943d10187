import { randomUUID } from 'node:crypto'
import { HeadwayError, ServerKey } from '@headway/core'
import type { BlobRef, StoredJob } from '@headway/core'
import { isTerminal, jobIdSchema } from '@headway/protocol'
import type { JobId } from '@headway/protocol'
import type { Access, CreatedByRequest, JobRight, ServerContext, ServerKit } from '@headway/server'
import { SERVER_KEY } from '../jobs/names.js'
import { sealed } from '../jobs/sealed-input.js'
import { kindOf } from './kinds.js'
import type { JobKind } from './kinds.js'

/** A job's token is good for so long, in milliseconds. */
const TOKEN_MS = 60 * 60_000

/** How long an answer to a cancel waits for the work to stop, in milliseconds. */
const CANCEL_WAIT_MS = 3000

/** Jobs as the routes create, find and end them. */
export class BookJobs {
  /** Who may create jobs and look books up. */
  readonly access: Access
  readonly #kit: ServerKit
  #key: ServerKey | undefined

  constructor(kit: ServerKit, access: Access) {
    this.#kit = kit
    this.access = access
  }

  /**
   * Creates a job of an input that is told in the request.
   *
   * @param id that the client chose
   * @throws HeadwayError as `ServerKit.createJob`
   */
  async create(c: ServerContext, kind: JobKind, input: object, id?: JobId): Promise<CreatedByRequest> {
    const principal = await this.#kit.requireRole(c, 'run', this.access)
    return this.#kit.createJob(c, principal, kind.jobType, input, { ...(id !== undefined && { id }), tokenTtlMs: TOKEN_MS })
  }

  /**
   * Creates a job of what is uploaded: `make` reads the request, and keeps its files by `put`.
   *
   * @throws HeadwayError as `ServerKit.createJob`; what `make` throws
   */
  async createOfUpload(
    c: ServerContext,
    kind: JobKind,
    make: (put: (bytes: AsyncIterable<Uint8Array>) => Promise<BlobRef>) => Promise<Upload>,
  ): Promise<CreatedByRequest> {
    const principal = await this.#kit.requireRole(c, 'run', this.access)
    this.#kit.assertAccepting()
    const { keyValues, blobs } = this.#kit.engine.stores
    const key = (this.#key ??= await ServerKey.open(keyValues, SERVER_KEY))
    const owner = randomUUID()
    try {
      const { input, compared } = await make((bytes) => blobs.put(owner, bytes))
      const created = await this.#kit.createJob(c, principal, kind.jobType, sealed(input, key), {
        id: owner,
        comparedInput: compared,
        tokenTtlMs: TOKEN_MS,
      })
      // A repetition has its files already.
      if (!created.created) await blobs.deleteAll(owner)
      return created
    } catch (error) {
      await this.#forgetUnlessMade(owner)
      throw error
    }
  }

  /** What went wrong may have done so after the job was made: then it needs its files. Where nobody can tell, they are orphans at worst. */
  async #forgetUnlessMade(id: JobId): Promise<void> {
    const { jobs, blobs } = this.#kit.engine.stores
    if ((await jobs.get(id)) === undefined) await blobs.deleteAll(id)
  }

  /** The job of the path, for whoever has its token or a key. @param kind absent: any of this service */
  async authorized(c: ServerContext, right: JobRight, kind?: JobKind): Promise<StoredJob> {
    return ofKind(await this.#kit.authorizeJob(c, c.req.param('jobId') ?? '', right), kind)
  }

  /** The job of the path, for anybody who knows its id. */
  async known(c: ServerContext, kind?: JobKind): Promise<StoredJob> {
    const id = jobIdSchema.safeParse(c.req.param('jobId'))
    if (!id.success) throw new HeadwayError('JOB_NOT_FOUND', 'There is no job with this id: ids are UUIDs.')
    return ofKind(await this.#kit.engine.get(id.data), kind)
  }

  /** Cancels a job, and waits a moment for it to have stopped. @throws HeadwayError JOB_FINISHED */
  async cancel(job: StoredJob): Promise<StoredJob> {
    const { engine } = this.#kit
    const asked = await engine.request(job.id, 'cancel')
    if (isTerminal(asked.status)) return asked
    const signal = AbortSignal.timeout(CANCEL_WAIT_MS)
    for await (const _ of engine.follow(job.id, { after: asked.head, signal })) if (isTerminal((await engine.get(job.id)).status)) break
    return engine.get(job.id)
  }
}

/** The input of a job made of an upload, and what repetitions of it are known by. */
export interface Upload {
  readonly input: object
  readonly compared: unknown
}

function ofKind(job: StoredJob, kind: JobKind | undefined): StoredJob {
  const found = kindOf(job)
  if (found !== undefined && (kind === undefined || found === kind)) return job
  throw new HeadwayError('JOB_NOT_FOUND', `There is no ${kind?.title ?? 'job'} ${job.id} here; it may have been pruned.`)
}
