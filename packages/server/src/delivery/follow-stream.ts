import { randomUUID } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Delivery } from './delivery.js'
import { LogAttachment } from './attachment.js'
import type { AttachmentOwner } from './attachment.js'
import { wordsOf } from './error-words.js'
import { HttpChunk } from './http-chunk.js'
import { sseDataFraming } from './http-framing.js'
import { streamHeaders } from './http-stream.js'
import { beginStream, drainOf, writeChunk } from './http-write.js'
import { NativeFollower, say } from './native-follower.js'
import type { FollowedJob, FollowRights } from './native-follower.js'
import { Outlet } from './outlet.js'
import { comebackMs } from './settings.js'
import type { Watcher } from './watchers.js'
import type { AttachOptions, Attachment, AttachmentEnd, Carrier } from './websocket-protocol.js'

export interface FollowOptions {
  readonly delivery: Delivery
  /** Of Headway: said in `welcome`. */
  readonly version: string
  readonly rights: FollowRights
  /** At most `maxFollowJobs`. */
  readonly jobs: readonly FollowedJob[]
  /** Whether to tell of the changes of all jobs. */
  readonly lists: boolean
}

/**
 * Answers with the logs of several jobs as Server-Sent Events: each is one message of `/ws` as its data. The stream ends when all of the jobs have
 * ended, unless it tells of lists, too. A server that has too many watchers or is stopping answers 200 and a `retry:`, as other streams do.
 */
export function serveFollow(
  request: IncomingMessage,
  response: ServerResponse,
  options: FollowOptions & { readonly headers?: OutgoingHttpHeaders },
): void {
  const { watchers, settings } = options.delivery
  response.writeHead(200, { ...streamHeaders({ contentType: 'text/event-stream' }), ...options.headers })
  if (!watchers.admits) response.end(retryText(comebackMs(settings)))
  else if (!request.socket.destroyed) void new FollowStream(request, response, options).run(options)
}

function retryText(ms: number): string {
  return `retry: ${ms}\n\n`
}

/** One response that carries the logs of several jobs. */
class FollowStream implements Carrier, AttachmentOwner, Watcher {
  readonly transport = 'sse'
  readonly connectionId = randomUUID()
  readonly #delivery: Delivery
  readonly #socket: IncomingMessage['socket']
  readonly #response: ServerResponse
  readonly #outlet: Outlet<HttpChunk>
  readonly #follower: NativeFollower
  #attachments: readonly LogAttachment<HttpChunk>[] = []
  /** Nothing more is to be attached. */
  #complete = false
  /** When something was sent last, in the registry's time. */
  #sentAt: number
  #over = false
  #waitsForDrain = false

  constructor(request: IncomingMessage, response: ServerResponse, options: FollowOptions) {
    const { delivery, version, rights } = options
    this.#delivery = delivery
    this.#socket = request.socket
    this.#response = response
    this.#outlet = new Outlet({ framing: sseDataFraming, write: (chunk) => this.#write(chunk) })
    this.#socket.on('close', this.#closed)
    delivery.watchers.add(this)
    this.#sentAt = delivery.watchers.now
    beginStream(response, this.#socket)
    this.#write(HttpChunk.of(retryText(delivery.settings.retryMs)))
    const left = (): void => this.#endIfDone()
    this.#follower = new NativeFollower(this, { delivery, version, maxJobs: delivery.settings.maxFollowJobs, rights, left })
  }

  get open(): boolean {
    return !this.#over
  }

  get attachments(): number {
    return this.#attachments.length
  }

  /** Attaches all jobs, one after another: what can't be followed is said, the others go on. Never rejects. */
  async run({ jobs, lists }: Pick<FollowOptions, 'jobs' | 'lists'>): Promise<void> {
    if (lists) await this.#try(() => this.#follower.lists(true))
    for (const job of jobs) {
      for (let wait = this.turn(); wait !== undefined; wait = this.turn()) await wait
      if (this.#over) return
      await this.#try(() => this.#follower.attach(job), job.jobId)
    }
    this.#complete = true
    this.#endIfDone()
  }

  send(text: string): void {
    this.#outlet.say(text)
  }

  turn(): Promise<void> | undefined {
    return this.#outlet.turn(this)
  }

  attach(options: AttachOptions): Attachment {
    const attachment = new LogAttachment(this.#delivery, this.#outlet, this, options)
    this.#attachments = [...this.#attachments, attachment]
    if (this.#over) attachment.abandon()
    else attachment.start()
    return attachment
  }

  attachmentEnded(attachment: Attachment, how: AttachmentEnd['how']): void {
    this.#attachments = this.#attachments.filter((other) => other !== attachment)
    if (how === 'failed') this.leave(comebackMs(this.#delivery.settings))
  }

  tick(now: number): void {
    // Whoever is slow to read gets nothing on top of what waits already.
    if (this.#outlet.full || this.#outlet.held) return
    if (this.#outlet.wrote) this.#sentAt = now
    this.#outlet.wrote = false
    if (now - this.#sentAt >= this.#delivery.settings.heartbeatMs) this.send(say({ type: 'heartbeat' }))
  }

  leave(retryMs: number): void {
    this.#outlet.whenFree(() => this.#end(HttpChunk.of(retryText(retryMs))))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  async #try(work: () => Promise<void>, jobId?: string): Promise<void> {
    try {
      await work()
    } catch (error) {
      const words = wordsOf(error, this.#delivery, 'beginning to follow')
      if (!this.#over) this.send(say({ type: 'error', ...words, ...(jobId !== undefined && { jobId }) }))
    }
  }

  #endIfDone(): void {
    if (this.#complete && this.#follower.idle) this.#outlet.whenFree(() => this.#end())
  }

  #write(chunk: HttpChunk): boolean {
    const takesMore = writeChunk(this.#response, this.#socket, chunk)
    if (!takesMore && !this.#waitsForDrain) {
      this.#waitsForDrain = true
      drainOf(this.#response, this.#socket).once('drain', this.#drained)
    }
    return takesMore
  }

  #end(last?: HttpChunk): void {
    if (this.#over) return
    this.#stop()
    if (last !== undefined) this.#write(last)
    this.#response.end(() => {
      this.#socket.off('close', this.#closed)
      this.#delivery.watchers.delete(this)
    })
  }

  #stop(): void {
    if (this.#over) return
    this.#over = true
    this.#outlet.close()
    this.#follower.closed()
    for (const attachment of this.#attachments) attachment.abandon()
  }

  readonly #drained = (): void => {
    this.#waitsForDrain = false
    this.#outlet.drained()
  }

  readonly #closed = (): void => {
    this.#stop()
    this.#delivery.watchers.delete(this)
  }
}
