import type { JobId, Seq, ServerMessage } from '@headway/protocol'
import { HeadwayClientError } from '../errors.js'
import type { Server } from '../server.js'

/** A job that a connection is to follow, from a cursor. */
export interface Want {
  readonly jobId: JobId
  readonly after: Seq
  /** Where the client's credential does not cover the job. */
  readonly token?: string | undefined
}

/** The seq up to which a message tells that the log goes; 0 where it does not tell. */
export function seqOf(message: ServerMessage): Seq {
  return 'seq' in message ? message.seq : message.type === 'attached' ? message.after : 0
}

/** What a transport works for. */
export interface Line {
  readonly server: Server
  /** The jobs to follow now, each from where it is now. */
  wants(): readonly Want[]
  /** Whether to be told when jobs have changed. */
  lists(): boolean
  /** The jobs that the server was asked for by this connection. Those that it no longer sends are taken out by the line. */
  carried: Set<JobId>
  /** Set by the transport: called when what is wanted has changed. */
  changed: () => void
  take(messages: readonly ServerMessage[]): void
  /** Without a message for so long, in milliseconds, the connection is taken for dead. */
  expect(ms: number): void
}

/**
 * Brings messages of the wanted jobs until the signal aborts. What it brings may be cut, doubled or out of order: those who take it see to that.
 *
 * @returns when the server ended it, or there is nothing to ask for now; after how many milliseconds to come back, where the server said so
 * @throws HeadwayClientError where the server can't be reached, refuses, or breaks off
 */
export type Transport = (line: Line, signal: AbortSignal) => Promise<number | undefined>

/** How long the first message may take before the transport is given up, in milliseconds. */
export const FIRST_MESSAGE_MS = 6000

/**
 * Asks for what a line wants with one request after another. When more is wanted, or much is not wanted any more, the request is ended for another.
 *
 * @param read reads an answer. @returns whether that was the last one
 */
export async function askAgain(
  line: Line,
  signal: AbortSignal,
  accept: string,
  prepare: () => string,
  read: (response: Response, signal: AbortSignal) => Promise<boolean>,
): Promise<void> {
  for (;;) {
    const jobs = line.wants()
    const lists = line.lists()
    if (signal.aborted || (!lists && jobs.length === 0)) return
    const turn = signalWithin(signal)
    line.carried = new Set(jobs.map(({ jobId }) => jobId))
    line.changed = () => {
      const wants = line.wants()
      const isMore = wants.some(({ jobId }) => !line.carried.has(jobId))
      if (isMore || line.lists() !== lists || wants.length * 2 < line.carried.size) turn.abort()
    }
    try {
      const response = await line.server.ask(
        new Request(`${line.server.baseUrl}/follow${prepare()}`, {
          method: 'POST',
          headers: { Accept: accept, 'Content-Type': 'application/json' },
          body: JSON.stringify({ jobs, lists }),
          signal: turn.signal,
        }),
      )
      if (!response.headers.get('content-type')?.startsWith(accept)) throw new HeadwayClientError('UNUSABLE', 'This is no Headway server.')
      if ((await read(response, turn.signal)) && !turn.signal.aborted) return
    } catch (error) {
      if (!turn.signal.aborted) throw error
    } finally {
      turn.abort()
    }
  }
}

/** A signal that aborts with another, and one's own means to abort it. Leave it with `end`. */
export function signalWithin(outer: AbortSignal): { readonly signal: AbortSignal; abort(): void } {
  const inner = new AbortController()
  const abort = (): void => {
    outer.removeEventListener('abort', abort)
    inner.abort()
  }
  outer.addEventListener('abort', abort)
  if (outer.aborted) abort()
  return { signal: inner.signal, abort }
}
