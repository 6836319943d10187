import type { JobId, Seq, ServerMessage } from '@headway/protocol'
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
  /** Set by the transport: called when what is wanted has changed. */
  changed: () => void
  take(messages: readonly ServerMessage[]): void
  /** Without a message for so long, in milliseconds, the connection is taken for dead. */
  expect(ms: number): void
}

/**
 * Brings messages of the wanted jobs until the signal aborts. What it brings may be cut, doubled or out of order: those who take it see to that.
 *
 * @returns when the server ended it; after how many milliseconds to come back, where it said so
 * @throws HeadwayClientError where the server can't be reached, refuses, or breaks off
 */
export type Transport = (line: Line, signal: AbortSignal) => Promise<number | undefined>

/** The request for what a line wants. */
export function followRequest(line: Line, accept: string, query: string, signal: AbortSignal): Request {
  return new Request(`${line.server.baseUrl}/follow${query}`, {
    method: 'POST',
    headers: { Accept: accept, 'Content-Type': 'application/json' },
    body: JSON.stringify({ jobs: line.wants(), lists: line.lists() }),
    signal,
  })
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
