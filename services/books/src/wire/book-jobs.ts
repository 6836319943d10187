import { randomUUID } from 'node:crypto'
import { HeadwayError, ServerKey } from '@headway/core'
import type { BlobRef, StoredJob } from '@headway/core'
import { isTerminal, jobIdSchema } from '@headway/protocol'
import type { JobId } from '@headway/protocol'
import { ownerOf } from '@headway/server'
import type { Access, CreatedByRequest, JobRight, ServerContext, ServerKit } from '@headway/server'
import { SERVER_KEY } from '../jobs/names.js'
import { sealed } from '../jobs/sealed-input.js'
import { kindOf } from './kinds.js'
import type { JobKind } from './kinds.js'
import type { OpenBookJobs } from './open-book-jobs.js'

/** A job's token is good for so long, in milliseconds. */
const TOKEN_MS = 60 * 60_000

/** How long an answer to a cancel waits for the work to stop, in milliseconds. */
const CANCEL_WAIT_MS = 3000

/** Jobs as the routes create, find and end them. */
export class BookJobs {
  /** Who may create jobs and look books up. */
  readonly access: Access
  readonly #kit: ServerKit
  readonly #open: OpenBookJobs
  #key: ServerKey | undefined

  constructor(kit: ServerKit, access: Access, open: OpenBookJobs) {
    this.#kit = kit
    this.#open = open
    this.access = access
  }

  /**
   * Creates a job of an input that is told in the request.
   *
   * @param id that the client chose
   * @throws HeadwayError as `ServerKit.createJob`; TOO_MANY_OPEN
   */
  create(c: ServerContext, kind: JobKind, input: object, id?: JobId): Promise<CreatedByRequest> {
    return this.#create(c, kind, id, () => Promise.resolve({ input, compared: input }))
  }

  /**
   * Creates a job of what is uploaded: `make` reads the request, and keeps its files by `put`.
   *
   * @throws HeadwayError as `ServerKit.createJob`; TOO_MANY_OPEN, OVERLOADED; what `make` throws
   */
  createOfUpload(
    c: ServerContext,
    kind: JobKind,
    make: (put: (bytes: AsyncIterable<Uint8Array>) => Promise<BlobRef>) => Promise<Upload>,
  ): Promise<CreatedByRequest> {
    const { blobs } = this.#kit.engine.stores
    return this.#create(c, kind, undefined, (id) => make((bytes) => blobs.put(id, bytes)))
  }

  async #create(
    c: ServerContext,
    kind: JobKind,
    chosenId: JobId | undefined,
    make: (id: JobId) => Promise<Upload>,
  ): Promise<CreatedByRequest> {
    const principal = await this.#kit.requireRole(c, 'run', this.access)
    this.#kit.assertAccepting()
    const { keyValues, jobs } = this.#kit.engine.stores
    const key = (this.#key ??= await ServerKey.open(keyValues, SERVER_KEY))
    const owner = ownerOf(principal, c.var.client.ip, key)
    const id = chosenId ?? randomUUID()
    // What only asks again for a job opens nothing: it gets that job, however many are open.
    const isThere = (await this.#kit.isRepetition(c, principal)) || (chosenId !== undefined && (await jobs.get(chosenId)) !== undefined)
    if (!isThere) this.#open.take(id, kind.jobType, owner)
    try {
      const { input, compared } = await make(id)
      const whole = sealed({ ...input, ...(owner !== undefined && { owner }) }, key)
      const options = { id, comparedInput: compared, tokenTtlMs: TOKEN_MS }
      const created = await this.#kit.createJob(c, principal, kind.jobType, whole, options)
      // A repetition has its place and its files already.
      if (created.job.id !== id) await this.#forgetUnlessMade(id)
      return created
    } catch (error) {
      await this.#forgetUnlessMade(id)
      throw error
    }
  }

  /** What went wrong may have done so after the job was made: then it needs its files. Where nobody can tell, they are orphans at worst. */
  async #forgetUnlessMade(id: JobId): Promise<void> {
    const { jobs, blobs } = this.#kit.engine.stores
    if ((await jobs.get(id)) !== undefined) return
    this.#open.giveBack(id)
    await blobs.deleteAll(id)
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
