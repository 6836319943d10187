import { HeadwayError, HistoryGoneError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import { DEFAULT_PAGE_EVENTS, MAX_POLL_WAIT_SECONDS } from '@headway/protocol'
import type { Seq } from '@headway/protocol'
import { wordsOf } from './error-words.js'
import type { FollowOptions } from './follow-stream.js'
import { mergeChanged } from './job-changes.js'
import type { Changed } from './job-changes.js'
import { eventMessage, say } from './native-follower.js'
import { findPage, MAX_PAGE_BYTES } from './poll.js'
import { PollWait } from './poll-wait.js'

export interface FollowPollOptions extends FollowOptions {
  /** How long to wait for news, in seconds: at most `MAX_POLL_WAIT_SECONDS`; 0 by default. */
  readonly waitSeconds?: number | undefined
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** A job that may be read. */
interface Readable {
  readonly job: StoredJob
  readonly after: Seq
}

/** What is found for one answer: whole messages as JSON. */
interface Found {
  readonly messages: readonly string[]
  /** Whether it tells more than what is attached. */
  readonly news: boolean
}

/**
 * Gives what there is of the logs of several jobs as `followAnswerSchema`, as JSON text. With `waitSeconds` it waits while there is nothing. No answer has more than
 * `MAX_PAGE_BYTES` of events and one event more; each job has its part of that, and the first to be read is another one each time.
 *
 * @throws HeadwayError OVERLOADED or SHUTTING_DOWN where it would have to wait
 */
export async function pollFollow(options: FollowPollOptions): Promise<string> {
  const { delivery, rights, lists, signal } = options
  const waitMs = Math.min(options.waitSeconds ?? 0, MAX_POLL_WAIT_SECONDS) * 1000
  const deadline = performance.now() + waitMs
  const changes = new ChangeCatcher()
  const refusals: string[] = []
  try {
    if (lists) {
      await tell(options, refusals, undefined, async () => {
        await rights.readLists()
        changes.begin(options)
      })
    }
    const jobs = await readableJobs(options, refusals)
    let found = await readAll(options, jobs)
    const isEmpty = (): boolean => refusals.length === 0 && !found.news && changes.caught === undefined
    if (isEmpty() && waitMs > 0 && (jobs.length > 0 || changes.begun)) {
      const wait = new PollWait(
        delivery,
        jobs.map(({ job, after }) => ({ id: job.id, after })),
      )
      const came = wait.news(deadline - performance.now(), signal, changes.begun ? changes.first : undefined)
      if (await came.catch(isLoss)) found = await readAll(options, jobs)
    }
    return `{"messages":[${[...refusals, ...found.messages, ...changes.messages].join(',')}]}`
  } finally {
    changes.end()
  }
}

/** The jobs that may be read. Why others may not is added to `refusals`. */
async function readableJobs(options: FollowPollOptions, refusals: string[]): Promise<Readable[]> {
  const readable: Readable[] = []
  for (const { jobId, after, token } of options.jobs) {
    await tell(options, refusals, jobId, async () => {
      readable.push({ job: await options.rights.readJob(jobId, token), after })
    })
  }
  return readable
}

/** A job that was removed is news, too. */
function isLoss(error: unknown): true {
  if (error instanceof HistoryGoneError || (error instanceof HeadwayError && error.code === 'JOB_NOT_FOUND')) return true
  throw error
}

/** Does something for a client, and adds what it is told when that fails. */
async function tell(
  { delivery }: FollowPollOptions,
  refusals: string[],
  jobId: string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    const words = wordsOf(error, delivery, 'reading the logs of several jobs')
    refusals.push(say({ type: 'error', ...words, ...(jobId !== undefined && { jobId }) }))
  }
}

async function readAll(options: FollowPollOptions, jobs: readonly Readable[]): Promise<Found> {
  const start = Math.floor(Math.random() * jobs.length)
  const messages: string[] = []
  let news = false
  let room = MAX_PAGE_BYTES
  for (let index = 0; index < jobs.length && room > 0; index += 1) {
    const readable = jobs[(start + index) % jobs.length] as Readable
    const ofJob = await readOne(options, readable, Math.ceil(room / (jobs.length - index)))
    messages.push(...ofJob.messages)
    news ||= ofJob.news
    room -= ofJob.bytes
  }
  return { messages, news }
}

async function readOne(
  { delivery }: FollowPollOptions,
  { job, after }: Readable,
  maxBytes: number,
): Promise<Found & { readonly bytes: number }> {
  try {
    const { page, reset } = await findPage(delivery.engine, job.id, after, { maxEvents: DEFAULT_PAGE_EVENTS, maxBytes })
    const messages = [say({ type: 'attached', jobId: job.id, after, head: page.head })]
    if (reset !== undefined) messages.push(say({ ...reset, jobId: job.id }))
    for (const event of page.events) messages.push(eventMessage(event, job.id))
    if (page.closed && page.next === page.head) messages.push(say({ type: 'end', jobId: job.id, seq: page.head }))
    return { messages, news: messages.length > 1, bytes: page.events.reduce((sum, { bytes }) => sum + bytes, 0) }
  } catch (error) {
    if (!(error instanceof HeadwayError) || error.code !== 'JOB_NOT_FOUND') throw error
    const gone = [say({ type: 'reset', jobId: job.id, reason: 'pruned', after: 0, head: 0 }), say({ type: 'detached', jobId: job.id })]
    return { messages: gone, news: true, bytes: 0 }
  }
}

/** Takes what changes while an answer is made. */
class ChangeCatcher {
  caught: Changed | undefined
  /** Resolves at the first change. */
  readonly first: Promise<void>
  #tellFirst: () => void = () => undefined
  #stop: (() => void) | undefined

  constructor() {
    this.first = new Promise((resolve) => {
      this.#tellFirst = resolve
    })
  }

  get begun(): boolean {
    return this.#stop !== undefined
  }

  get messages(): readonly string[] {
    return this.caught === undefined ? [] : [say({ type: 'jobs.changed', jobIds: [...this.caught.jobIds], more: this.caught.more })]
  }

  begin({ delivery }: Pick<FollowPollOptions, 'delivery'>): void {
    this.#stop = delivery.changes.subscribe((changed) => {
      this.caught = mergeChanged(this.caught, changed)
      this.#tellFirst()
    })
  }

  end(): void {
    this.#stop?.()
  }
}
