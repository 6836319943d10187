import type { LogEvent, StoredJob } from '@headway/core'
import type { JobId, Reset, Seq, ServerMessage } from '@headway/protocol'
import type { Delivery } from './delivery.js'
import type { Dialect, ImmutableJob } from './dialect.js'
import { mergeChanged } from './job-changes.js'
import type { Changed } from './job-changes.js'
import { SocketError } from './websocket-protocol.js'
import type { Attachment, AttachmentEnd, Carrier } from './websocket-protocol.js'

/** What a connection may see. */
export interface FollowRights {
  /**
   * The job, if it may be read: by whoever opened the connection, or by the token that came for this job.
   *
   * @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN, JOB_NOT_FOUND, RATE_LIMIT_EXCEEDED
   */
  readonly readJob: (jobId: string, token: string | undefined) => Promise<StoredJob>
  /** Whether it may be told of the changes of all jobs. @throws HeadwayError FORBIDDEN, RATE_LIMIT_EXCEEDED */
  readonly readLists: () => Promise<void>
}

export interface FollowerOptions {
  readonly delivery: Pick<Delivery, 'settings' | 'changes'>
  /** Said in `welcome`. */
  readonly version: string
  readonly maxJobs: number
  readonly rights: FollowRights
  /** Called when a job is not followed any more. */
  readonly left?: () => void
}

/** A job that is to be followed, from a cursor. */
export interface FollowedJob {
  readonly jobId: JobId
  readonly after: Seq
  readonly token?: string | undefined
}

/** The log's events as messages of the native protocol. */
const eventMessages: Pick<Dialect, 'name' | 'encode'> = {
  name: 'native-messages',
  encode: (event, job) => [{ body: eventMessage(event, job.id) }],
}

/** What the native protocol says on one connection of the jobs that it follows, whatever carries it. Its messages are `serverMessageSchema`. */
export class NativeFollower {
  readonly #carrier: Carrier
  readonly #options: FollowerOptions
  /** Mostly one or a few: an array that fits is smaller than a map. */
  #attached: readonly { readonly jobId: JobId; readonly attachment: Attachment }[] = []
  #stopLists: (() => void) | undefined
  /** Changes that wait for a slow reader. */
  #changed: Changed | undefined

  /** Says `welcome`. */
  constructor(carrier: Carrier, options: FollowerOptions) {
    this.#carrier = carrier
    this.#options = options
    const { version, maxJobs, delivery } = options
    const { heartbeatMs } = delivery.settings
    carrier.send(say({ type: 'welcome', version, connectionId: carrier.connectionId, maxJobs, heartbeatMs }))
  }

  /** Whether there is nothing more to say. */
  get idle(): boolean {
    return this.#attached.length === 0 && this.#stopLists === undefined
  }

  /** @throws SocketError ALREADY_ATTACHED, TOO_MANY_JOBS; HeadwayError as `FollowRights.readJob` */
  async attach({ jobId, after, token }: FollowedJob): Promise<void> {
    const { maxJobs, rights } = this.#options
    if (this.#find(jobId) !== undefined) throw new SocketError('ALREADY_ATTACHED', 'This connection watches that job already.')
    if (this.#attached.length >= maxJobs) throw new SocketError('TOO_MANY_JOBS', `One connection watches at most ${maxJobs} jobs.`)
    const job = await rights.readJob(jobId, token)
    this.#carrier.send(say({ type: 'attached', jobId, after, head: job.head }))
    const ended = (end: AttachmentEnd): void => this.#ended(jobId, end)
    const attachment = this.#carrier.attach({ job, cursor: { after, skip: 0 }, dialect: eventMessages, reset: resetMessage, ended })
    this.#attached = [...this.#attached, { jobId, attachment }]
  }

  /** @throws SocketError NOT_ATTACHED */
  detach(jobId: JobId): void {
    const found = this.#find(jobId)
    if (found === undefined) throw new SocketError('NOT_ATTACHED', 'This connection does not watch that job.')
    found.detach()
  }

  /** Begins or ends to tell of changed jobs. @throws HeadwayError as `FollowRights.readLists` */
  async lists(on: boolean): Promise<void> {
    if (!on) return this.#endLists()
    await this.#options.rights.readLists()
    if (this.#carrier.open) this.#stopLists ??= this.#options.delivery.changes.subscribe((changed) => this.#tell(changed))
  }

  /** The connection is gone. */
  closed(): void {
    this.#endLists()
  }

  #endLists(): void {
    this.#stopLists?.()
    this.#stopLists = undefined
  }

  #tell(changed: Changed): void {
    const waits = this.#changed !== undefined
    this.#changed = mergeChanged(this.#changed, changed)
    if (!waits) void this.#tellInTurn()
  }

  async #tellInTurn(): Promise<void> {
    for (let wait = this.#carrier.turn(); wait !== undefined; wait = this.#carrier.turn()) await wait
    const changed = this.#changed
    this.#changed = undefined
    if (changed !== undefined && this.#stopLists !== undefined)
      this.#carrier.send(say({ type: 'jobs.changed', jobIds: [...changed.jobIds], more: changed.more }))
  }

  #ended(jobId: JobId, { how, after }: AttachmentEnd): void {
    this.#attached = this.#attached.filter((attached) => attached.jobId !== jobId)
    this.#carrier.send(say(how === 'finished' ? { type: 'end', jobId, seq: after } : { type: 'detached', jobId }))
    this.#options.left?.()
  }

  #find(jobId: JobId): Attachment | undefined {
    return this.#attached.find((attached) => attached.jobId === jobId)?.attachment
  }
}

/** A message as text. */
export function say(message: ServerMessage): string {
  return JSON.stringify(message)
}

/** An event as a message: its JSON is as it is stored. */
export function eventMessage(event: LogEvent, jobId: JobId): string {
  return `{"type":"event","jobId":"${jobId}","seq":${event.seq},"event":${event.line}}`
}

function resetMessage(reset: Reset, { id }: ImmutableJob): readonly string[] {
  return [say({ ...reset, jobId: id })]
}
